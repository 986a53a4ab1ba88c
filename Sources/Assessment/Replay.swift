import Certificates
import Reports
import TrustStores
import Validation

extension Assessor {
    /// Judges a record again, without a network.
    ///
    /// What the request gives counts, all else is as recorded: id, instants, options, versions of stores. The
    /// same question keeps its id; another one, or the same one by other rules, is another report.
    ///
    /// - Parameters:
    ///   - request: its options as `OptionParser.parse(_:over:)` read them.
    ///   - given: the names of the options in it.
    ///   - place: where the record stands in the request, for what is wrong with it.
    ///   - newID: for a report that is not the recorded one.
    package func replay(
        _ record: EvidenceRecord, _ request: ParsedRequest, given: Set<String>, at place: String,
        newID: () -> String
    ) throws(OptionErrors) -> Report {
        var options = request.options
        let isNamed = given.contains("stores") || given.contains("anchors")
        if !isNamed { options.stores = record.stores }
        var asked: Asked
        do throws(OptionErrors) {
            asked = try self.asked(ParsedRequest(options: options), given: given, host: nil)
        } catch {
            // What the request did not give stands in the record.
            throw OptionErrors(
                error.errors.map { error in
                    guard !given.contains(error.pointer) else { return error }
                    let name = ["stores", "anchors", "intermediates"].contains(error.pointer)
                    let inside = name ? "/\(error.pointer)" : "/options/\(error.pointer)"
                    return OptionError(error.code, at: place + inside, error.detail)
                })
        }
        if !isNamed { asked.storesFrom = record.storesFrom }
        var fresh = record
        (fresh.stores, fresh.storesFrom) = (asked.stores.map(\.reference), asked.storesFrom)
        (fresh.options, fresh.rules) = (options.judged, asked.rules)
        fresh.at = options.at ?? record.at
        if !fresh.isSameQuestion(as: record) { fresh.id = newID() }
        return asked.judge(fresh, recorded: record.rules)
    }
}
