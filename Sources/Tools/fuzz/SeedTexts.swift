import Fixtures

extension Seeds {
    static let names = [
        "www.example.com", "WWW.Example.COM.", "192.0.2.7", "2001:db8::7", "[2001:db8::7]:8443",
        "example.com:443", "https://example.com:8443/path?query#fragment", "https://user@example.com/",
        "::ffff:192.0.2.7", "::", "1::", "fe80::1%eth0", "0x7f.1", "0177.0.0.1", "127.1", "1.2.3.256",
        "bücher.example", "xn--bcher-kva.example", "xn--a.example", "xn--.example", "straße.de",
        "faß.example",
        "例え.テスト", "\u{200D}a.example", "a\u{0301}.example", "*.example.com", "_dmarc.example.com",
        "-a.example", "a..example", ".", "a.0x", "a.1", "example。com", "ｅxample.com", "ex\u{00AD}ample.com",
        "www.example.com\n*.example.com", "www.example.com\nWWW.EXAMPLE.COM", "example.com\n*.com",
        "a.b.example.com\n*.example.com", "www.example.com\nw*.example.com", "xn--bcher-kva.de\n*.de.",
        String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 127) + "a",
    ]

    static let addresses: [[UInt8]] = [
        [192, 0, 2, 1], [0, 0, 0, 0], [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 11) + [1],
        [UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 1, 2, 3, 4],
        [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3],
    ]

    static let texts = [
        "null", "[]", "{}", "[[[[]]]]", "-0", "1e308", "1e-400", "0.1E+2", "[1,2,3,\"x\",true,false,null]",
        #"{"a":{"b":[1,{"c/d~e":"f"}]},"":0}"#, #""\u00e9\ud83d\ude00\n\"\\\/\b\f\r\t""#, #""\ud800""#,
        #"{"a":1,"a":2}"#, #"{"é":1,"é":2}"#, "\u{FEFF}{}", "[1,]", "{\"a\":}", "01", "+1", "NaN",
        "\"\u{7F}😀\"",
        String(repeating: "[", count: 33) + String(repeating: "]", count: 33),
    ]

    /// Every option with a value that fits, one by one and together; some with values that do not.
    var bodies: [[UInt8]] {
        let pem = Stage.leaf.pem.split(separator: "\n").joined(separator: #"\n"#)
        let values = [
            #""pem":"\#(pem)""#, #""der":"AAAA""#, #""pkcs7":"AAAA""#,
            #""name":["www.example.com","::1"]"#, #""at":"2026-07-01T12:34:56Z""#,
            #""at":"2026-07-01T12:34:60.5+02:00""#, #""stores":"mozilla,chrome""#, #""stores":[]"#,
            #""anchors":"\#(pem)""#, #""intermediates":"\#(pem)""#, #""crls":"x""#,
            #""revocation":"hard""#, #""max_depth":3"#, #""policies":["2.23.140.1.2.1"]"#,
            #""require_explicit_policy":true"#, #""inhibit_policy_mapping":"true""#,
            #""inhibit_any_policy":false"#, #""profile":"rfc5280""#, #""purpose":"client""#,
            #""warn":"30d,25%""#, #""warn":["12h","25pct"]"#, #""critical":"90s""#,
            #""critical":"99999999999999999999d""#, #""serves":"\#(String(repeating: "ab", count: 32))""#,
            #""target":"https://example.com:8443/""#, #""host":"example.com""#, #""port":8443"#,
            #""port":"0""#, #""address":"192.0.2.1""#, #""sni":"""#, #""timeout":"5s""#,
            #""timeout":"1e9""#, #""expect":"ok""#, #""include":"pem,checks""#, #""format":"text""#,
            #""fields":"target,first_break""#, #""nonsense":1"#,
        ]
        let check =
            #"{"host":"example.com","port":443,"warn":"30d","timeout":"5s","include":["trace"]}"#
        let validate = #"{"pem":"\#(pem)","name":"a.example","profile":"webpki","at":"2026-07-01T00:00:00Z"}"#
        return (values.map { "{\($0)}" } + [check, validate]).map { Array($0.utf8) }
    }
}
