// swift-tools-version: 6.2
import PackageDescription

// The house: each module and all it may import. `scripts/test` compares every `import` with this table,
// because SwiftPM lets an undeclared transitive import compile.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A package's product, for the modules that come from elsewhere.
let products: [String: (product: String, package: String)] = [
    "ArgumentParser": ("ArgumentParser", "swift-argument-parser"),
    "Hummingbird": ("Hummingbird", "hummingbird"),
    "HummingbirdCore": ("HummingbirdCore", "hummingbird"),
    "HTTPTypes": ("HTTPTypes", "swift-http-types"),
    "Logging": ("Logging", "swift-log"),
    "NIOCore": ("NIOCore", "swift-nio"),
    "NIOHTTP1": ("NIOHTTP1", "swift-nio"),
    "NIOPosix": ("NIOPosix", "swift-nio"),
    "ServiceLifecycle": ("ServiceLifecycle", "swift-service-lifecycle"),
    "Yams": ("Yams", "Yams"),
]

func dependencies(_ names: [String]) -> [Target.Dependency] {
    names.map { name in
        guard let product = products[name] else { return .target(name: name) }
        return .product(name: product.product, package: product.package)
    }
}

func module(_ name: String, _ imports: String...) -> Target {
    .target(name: name, dependencies: dependencies(imports), swiftSettings: strict)
}

func tests(_ name: String, _ imports: String...) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies([name] + imports), swiftSettings: strict)
}

/// Never part of a product.
func tool(_ name: String, _ imports: String...) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies(imports), path: "Sources/Tools/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "catenary",
    products: [.executable(name: "catenary", targets: ["catenary"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(name: "CPSL", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),
        .systemLibrary(name: "CAres", pkgConfig: "libcares", providers: [.apt(["libc-ares-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CRename"),
        module("JSON"),
        module("Counters"),
        module("Certificates", "COpenSSL", "CIDN2", "JSON"),
        module("TrustStores", "Certificates", "JSON"),
        module("PathBuilding", "COpenSSL", "Certificates"),
        module("Reports", "Certificates", "JSON"),
        module("Checks", "COpenSSL", "CPSL", "Certificates", "PathBuilding", "Reports", "TrustStores"),
        module("Transparency", "COpenSSL", "Certificates", "Checks", "Reports", "TrustStores"),
        module("Revocation", "COpenSSL", "Certificates", "Checks", "PathBuilding", "Reports", "TrustStores"),
        module(
            "Validation", "COpenSSL", "Certificates", "Checks", "PathBuilding", "Reports", "Revocation",
            "Transparency", "TrustStores"),
        module("Egress", "CAres"),
        module("TLS", "COpenSSL", "NIOCore"),
        module("Probing", "Counters", "Egress", "Reports", "TLS", "NIOCore", "NIOPosix", "Logging"),
        module("Retrieval", "CCurl", "Certificates", "Counters", "Egress", "Reports", "Logging"),
        module(
            "Assessment", "Certificates", "Egress", "Probing", "Reports", "Retrieval", "TrustStores",
            "Validation", "Logging"),
        module("Dialects", "Certificates", "Counters", "JSON", "Reports"),
        module(
            "HTTPAPI", "Certificates", "Checks", "Counters", "Assessment", "Dialects", "JSON", "Reports",
            "TrustStores", "Validation", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTP1",
            "NIOPosix",
            "Logging", "ServiceLifecycle"),
        module(
            "Commands", "CRename", "Assessment", "Certificates", "Checks", "Dialects", "HTTPAPI", "JSON",
            "Reports",
            "TrustStores", "ArgumentParser", "Yams", "Logging", "ServiceLifecycle"),
        .executableTarget(name: "catenary", dependencies: dependencies(["Commands"]), swiftSettings: strict),
        // Makes every test certificate; never part of a product.
        .target(
            name: "Fixtures", dependencies: dependencies(["COpenSSL", "Certificates"]),
            path: "Tests/Fixtures", exclude: ["clients", "real"], swiftSettings: strict),
        // Tools of this repository; never part of a product.
        .target(
            name: "Vectors",
            dependencies: dependencies(["Certificates", "JSON", "Reports", "TrustStores", "Validation"]),
            path: "Sources/Tools/vectors", swiftSettings: strict),
        tool("conformance", "Certificates", "JSON", "Vectors"),
        .testTarget(
            name: "ConformanceTests", dependencies: dependencies(["conformance", "Certificates", "Vectors"]),
            exclude: ["divergences.json"], swiftSettings: strict),
        // What must hold of any input, replayed by FuzzTests; the programs that fuzz are added below.
        .target(
            name: "Fuzzing",
            dependencies: dependencies([
                "COpenSSL", "Certificates", "Checks", "Dialects", "Fixtures", "JSON", "PathBuilding",
                "Reports", "Revocation", "TrustStores", "Validation",
            ]), path: "Sources/Tools/fuzz", swiftSettings: strict),
        tool("fuzz-seeds", "Certificates", "Fuzzing"),
        .testTarget(name: "FuzzTests", dependencies: dependencies(["Fuzzing"]), swiftSettings: strict),
        tool("agree", "Certificates", "Fixtures", "Reports", "TrustStores", "Validation", "Vectors"),
        .testTarget(
            name: "AgreeTests", dependencies: dependencies(["agree"]), swiftSettings: strict),
        tool(
            "engine-bench", "Certificates", "Fixtures", "PathBuilding", "Reports", "TrustStores", "Validation"
        ),
        tests("JSON"),
        tests("Counters"),
        tests("Certificates", "COpenSSL", "Fixtures", "JSON"),
        tests("TrustStores", "Certificates", "Fixtures", "JSON"),
        tests("PathBuilding", "Certificates", "Fixtures"),
        tests("Reports", "Certificates", "Fixtures", "JSON"),
        tests("Checks", "COpenSSL", "Certificates", "Fixtures", "PathBuilding", "Reports", "TrustStores"),
        tests("Transparency", "Certificates", "Fixtures", "JSON", "Reports", "TrustStores"),
        tests("Revocation", "Certificates", "Fixtures", "PathBuilding", "Reports"),
        tests(
            "Validation", "Certificates", "Checks", "Fixtures", "JSON", "PathBuilding", "Reports",
            "Transparency", "TrustStores"),
        tests("Fixtures", "Certificates", "COpenSSL"),
        tests("Egress", "Fixtures"),
        tests(
            "Probing", "Certificates", "Egress", "Fixtures", "Reports", "TLS", "NIOCore", "NIOPosix",
            "Logging"),
        tests("Retrieval", "Certificates", "Counters", "Egress", "Fixtures", "Reports", "Logging"),
        tests(
            "Assessment", "Certificates", "Egress", "Fixtures", "JSON", "Reports", "TrustStores", "Logging"),
        tests("Dialects", "Certificates", "Fixtures", "JSON", "Reports", "TrustStores", "Validation"),
        tests(
            "HTTPAPI", "Assessment", "Certificates", "Egress", "Fixtures", "JSON", "Reports", "TrustStores",
            "NIOCore", "NIOPosix", "Logging", "ServiceLifecycle"),
        tests("Commands", "Assessment", "Certificates", "Fixtures", "HTTPAPI", "JSON", "Reports", "Yams"),
    ]
)

// `scripts/test --core`: everything down to Validation, without fetching a package.
if Context.environment["CATENARY_CORE"] != nil {
    let core: Set = [
        "COpenSSL", "CIDN2", "CPSL", "JSON", "Counters", "Certificates", "TrustStores", "PathBuilding",
        "Reports",
        "Checks", "Revocation", "Transparency", "Validation", "Dialects", "engine-bench", "Fixtures",
        "conformance", "Conformance", "Fuzzing", "fuzz-seeds", "Fuzz",
        "Vectors", "agree", "Agree",
    ]
    package.products = []
    package.targets.removeAll { !core.contains($0.type == .test ? String($0.name.dropLast(5)) : $0.name) }
    package.dependencies = []
}

// `scripts/fuzz`: programs whose main is libFuzzer's, so that nothing else can build them.
if Context.environment["CATENARY_FUZZ"] != nil {
    let targets = ["pem", "certificate", "pkcs7", "crl", "name", "json", "options", "chain"]
    package.targets += targets.map { tool("fuzz-" + $0, "Fuzzing") }
}
