// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["Support"], exclude: exclude,
        swiftSettings: strict)
}

func system(_ name: String, _ pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "Sluice",
    products: [.executable(name: "sluice", targets: ["sluice"])],
    // Exact: what is built tomorrow is what was tested today.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    ],
    targets: [
        // C libraries: a module map and a shim each, imported by one Swift module each.
        system("CCurl", "libcurl", apt: "libcurl4-openssl-dev"),
        system("CPostgres", "libpq", apt: "libpq-dev"),
        system("CZlib", "zlib", apt: "zlib1g-dev"),

        // Leaves: each would make sense in another program. They never import each other.
        library("CSV"),
        library("Gzip", ["CZlib"]),
        library("Postgres", ["CPostgres"]),
        library("AWS", ["CCurl", crypto]),

        // The domain: what a file is, and how the database is made equal to it.
        library("Feeds", ["CSV", "Gzip", "Postgres", crypto, logging]),

        // A seller that never was: what the demo, the tests and the benchmarks load.
        library("Simulator", ["Gzip"]),

        .executableTarget(
            name: "sluice",
            dependencies: [
                "AWS", "Feeds", "Postgres", "Simulator", arguments, logging, "Yams",
            ],
            swiftSettings: strict),

        .target(name: "Support", path: "Tests/Support", swiftSettings: strict),
        tests("SupportTests", ["sluice"]),
        tests("CSVTests", ["CSV"]),
        tests("GzipTests", ["Gzip"]),
        tests("PostgresTests", ["Postgres"]),
        tests("AWSTests", ["AWS", crypto]),
        tests("FeedsTests", ["Feeds", "Gzip", "Postgres", "Simulator"]),
        tests("SimulatorTests", ["Simulator", "Gzip"], exclude: ["check_delivery.py"]),
        tests("EndToEndTests", ["sluice", "AWS", "Simulator"]),
    ],
    swiftLanguageModes: [.v6]
)
