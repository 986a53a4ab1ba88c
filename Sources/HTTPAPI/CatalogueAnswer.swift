import Checks
import Dialects
import Reports

/// `GET /v1/checks` and `/v1/checks/{id}`: what can be found, what it means, what to do.
enum CatalogueAnswer {
    /// - Parameter check: of the path, still percent-encoded; nil for all.
    static func answer(check: String?, query: Substring, accept: String?) throws(Problem) -> Answer {
        guard let format = try format(query) ?? Negotiation.format(accept: accept) else {
            throw Problem(.notAcceptable, "The catalogue is application/json or text/plain.")
        }
        let entries = try entries(check)
        let headers = [("Vary", "Accept")]
        guard format == .json else {
            let text = CatalogueText.render(entries)
            return Answer(type: "text/plain; charset=utf-8", Array(text.utf8), headers: headers)
        }
        let json = check == nil ? CatalogueEntry.json(entries) : entries.first?.json ?? []
        return Answer(type: "application/json", json, headers: headers)
    }

    private static func entries(_ check: String?) throws(Problem) -> [CatalogueEntry] {
        guard let check else { return Catalogue.entries }
        let id = QueryString.decode(check[...], plus: false) ?? ""
        let found = Catalogue.entries.filter { $0.id.rawValue == id }
        guard found.isEmpty else { return found }
        let near = Catalogue.nearest(to: id, limit: CheckID.allCases.count + Reason.allCases.count)
            .filter { CheckID(rawValue: $0) != nil }.prefix(3)
        throw Problem(
            .notFound,
            "There is no such check. Nearest are \(near.joined(separator: ", ")); /v1/checks has all.")
    }

    /// The only parameter: `format`.
    private static func format(_ query: Substring) throws(Problem) -> Format? {
        let pairs: [(name: String, value: String)]
        do throws(QueryString.Malformed) {
            pairs = try QueryString.parse(query)
        } catch {
            throw Problem(error)
        }
        var format: Format?
        for (name, value) in pairs {
            guard name == "format" else {
                let shown = String(name.unicodeScalars.prefix(64))
                throw Problem(code: .unknownOption, at: shown, "only format applies here")
            }
            guard let given = Format(rawValue: value), [.json, .text].contains(given) else {
                throw Problem(code: .valueMalformed, at: name, "format is json or text here")
            }
            guard format == nil || format == given else {
                throw Problem(code: .optionConflict, at: name, "format is given twice with different values")
            }
            format = given
        }
        return format
    }
}
