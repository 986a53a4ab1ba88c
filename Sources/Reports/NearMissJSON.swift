import JSON

extension NearMiss {
    func write(_ json: inout JSONWriter) {
        json.key("near_miss")
        json.beginObject()
        json.member("path", path)
        json.member("change", change.kind)
        json.member("to", change.value)
        json.member("check", check.rawValue)
        json.member("reason", reason.rawValue)
        json.member("certificate", certificate?.hex)
        json.member("message", message)
        json.endObject()
    }
}
