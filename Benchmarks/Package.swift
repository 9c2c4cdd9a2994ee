// swift-tools-version: 6.2
import PackageDescription

// A package of its own, without dependencies, so that measuring never weighs on the product's graph.
let c: [CSetting] = [
    .define("_GNU_SOURCE"), .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]
let plainC: [LinkerSetting] = [.unsafeFlags(["-enable-experimental-feature", "Embedded"])]

let package = Package(
    name: "Benchmarks",
    targets: [
        // What is measured against: an HTTP/1.1 server of event streams and large bodies.
        .executableTarget(name: "upstream", cSettings: c, linkerSettings: plainC),
        // What runs with and without hoopx.
        .executableTarget(name: "streams", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "pace", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "transfer", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "connect-cost", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "io-cost", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "syscall-cost", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "exec-cost", cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "command-cost", cSettings: c, linkerSettings: plainC),
        // What the kernel alone takes for a filter, with nothing in it.
        .executableTarget(name: "empty-filter", cSettings: c, linkerSettings: plainC),
        // Runs them all and tells.
        .executableTarget(
            name: "bench", swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]),
    ]
)
