// swift-tools-version: 6.2
import PackageDescription

// Every room is built alike: Swift 6 language mode, warnings are errors.
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let c: [CSetting] = [
    .define("_GNU_SOURCE"), .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]
// A C program must not drag the Swift runtime in: SwiftPM links it unless the link says that there is none. It is static,
// because a library that LD_PRELOAD or LD_LIBRARY_PATH names for the target has no business in what guards it.
let plainC: [LinkerSetting] = [
    .unsafeFlags([
        "-enable-experimental-feature", "Embedded", "-Xclang-linker", "-static", "-Xclang-linker",
        "-Wno-unused-command-line-argument",
    ])
]

// A system library that becomes part of the binary, so that it runs where the library is not installed.
func archive(_ name: String) -> [LinkerSetting] { [.unsafeFlags(["-Xlinker", "-l:lib\(name).a"])] }

// The rooms stand in the order of their levels; imports point downwards only (CONTRIBUTING.md).
let package = Package(
    name: "hoopx",
    products: [.executable(name: "hoopx", targets: ["hoopx"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // L0: C
        .target(name: "CHoopxFilter", cSettings: c),
        .target(name: "CHoopxLinux", cSettings: c),
        .target(name: "CQREncode", cSettings: c),
        .target(name: "CPatternScanner", cSettings: c, linkerSettings: archive("hs")),
        .target(
            name: "CCompression", cSettings: c,
            linkerSettings: archive("zstd") + archive("brotlidec") + archive("brotlicommon") + [.linkedLibrary("z")]),
        .target(name: "CTimestamp", cSettings: c),
        .executableTarget(
            name: "hoopx-launch", dependencies: ["CHoopxFilter", "CHoopxLinux"], cSettings: c, linkerSettings: plainC),
        .executableTarget(
            name: "hoopx-netns", dependencies: ["CHoopxLinux"], cSettings: c, linkerSettings: plainC),
        .executableTarget(name: "hoopx-selftest", cSettings: c, linkerSettings: plainC),

        // L1: values, and Swift over system calls
        .target(
            name: "HoopxCore", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: swift),
        .target(name: "HoopxLinux", dependencies: ["HoopxCore", "CHoopxLinux"], swiftSettings: swift),
        .target(name: "HoopxJSON", dependencies: ["HoopxCore"], swiftSettings: swift),
        .target(
            name: "HoopxTransparency",
            dependencies: ["HoopxCore", "CTimestamp", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: swift),
        .target(
            name: "HoopxOutbound",
            dependencies: [
                "HoopxCore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift),

        // L2: one subject each; these do not import each other
        .target(
            name: "HoopxConfiguration",
            dependencies: ["HoopxCore", "HoopxLinux", "HoopxTransparency", .product(name: "Yams", package: "Yams")],
            swiftSettings: swift),
        .target(
            name: "HoopxIdentity",
            dependencies: [
                "HoopxCore", "HoopxJSON", "HoopxLinux", "HoopxOutbound",
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .target(
            name: "HoopxCredentials",
            dependencies: [
                "HoopxCore", "HoopxLinux", "HoopxOutbound", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .target(name: "HoopxPolicy", dependencies: ["HoopxCore"], swiftSettings: swift),
        .target(
            name: "HoopxMasking",
            dependencies: [
                "HoopxCore", "HoopxJSON", "CPatternScanner", "CCompression",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .target(name: "HoopxClaude", dependencies: ["HoopxCore", "HoopxJSON"], swiftSettings: swift),
        .target(
            name: "HoopxAudit",
            dependencies: [
                "HoopxCore", "HoopxJSON", "HoopxLinux", "HoopxTransparency", "CCompression",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: swift),
        .target(name: "HoopxSandbox", dependencies: ["HoopxCore", "HoopxLinux", "CHoopxLinux"], swiftSettings: swift),

        // L3: the way of the bytes
        .target(
            name: "HoopxProxy",
            dependencies: [
                "HoopxCore", "HoopxJSON", "HoopxLinux", "HoopxOutbound", "HoopxPolicy", "HoopxCredentials",
                "HoopxMasking", "HoopxClaude", "HoopxAudit", "HoopxSandbox",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: swift),

        // L4: one run, from start to teardown
        .target(
            name: "HoopxSession",
            dependencies: [
                "HoopxCore", "HoopxLinux", "HoopxOutbound", "HoopxConfiguration", "HoopxIdentity", "HoopxCredentials",
                "HoopxPolicy", "HoopxMasking", "HoopxAudit", "HoopxTransparency", "HoopxSandbox", "HoopxProxy",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),

        // L5 and L6: verbs, and the executable
        .target(
            name: "HoopxCommands",
            dependencies: [
                "HoopxCore", "HoopxJSON", "HoopxLinux", "HoopxConfiguration", "HoopxIdentity", "HoopxClaude",
                "HoopxAudit", "HoopxTransparency", "HoopxSandbox", "HoopxSession", "CQREncode",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swift),
        .target(name: "CEmptyLocaleData", cSettings: c),
        .executableTarget(
            name: "hoopx", dependencies: ["HoopxCommands", "CEmptyLocaleData"], swiftSettings: swift),

        // What `make bench` runs of it: with the rooms that it measures, as they are built for the binary
        .executableTarget(
            name: "masking-speed", dependencies: ["HoopxMasking"], path: "Benchmarks/Sources/masking-speed",
            swiftSettings: swift),

        // What the tests and the demonstration share: loopback servers, harnesses
        .target(
            name: "CHoopxTestSupport", path: "Tests/CHoopxTestSupport", cSettings: c,
            linkerSettings: archive("brotlienc") + archive("brotlicommon") + archive("zstd") + [.linkedLibrary("z")]),
        .target(
            name: "HoopxTestSupport",
            dependencies: [
                "CHoopxTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            path: "Tests/HoopxTestSupport", swiftSettings: swift),
        .executableTarget(
            name: "loopback-claude-api", dependencies: ["HoopxTestSupport"], path: "examples/loopback-claude-api",
            swiftSettings: swift),
        .executableTarget(
            name: "loopback-identity-provider", dependencies: ["HoopxTestSupport"],
            path: "examples/loopback-identity-provider", swiftSettings: swift),
        .testTarget(
            name: "HoopxTestSupportTests",
            dependencies: ["HoopxTestSupport", .product(name: "JWTKit", package: "jwt-kit")], swiftSettings: swift),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["HoopxTestSupport", "CCompression", .product(name: "Crypto", package: "swift-crypto")],
            exclude: ["Clients", "clients.sh"], swiftSettings: swift),
        .testTarget(
            name: "EscapeTests", dependencies: ["HoopxTestSupport"], exclude: ["Programs"], swiftSettings: swift),
        .testTarget(name: "HoopxCoreTests", dependencies: ["HoopxCore"], swiftSettings: swift),
        .testTarget(name: "HoopxJSONTests", dependencies: ["HoopxJSON", "HoopxCore"], swiftSettings: swift),
        .testTarget(
            name: "HoopxTransparencyTests",
            dependencies: [
                "HoopxTransparency", "HoopxCore", "HoopxTestSupport", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        // Labelled documents for the masking detectors, and the command that measures them (`make quality`)
        .target(
            name: "MaskingCorpus", dependencies: ["HoopxMasking", "HoopxCore"], path: "Tests/MaskingCorpus",
            swiftSettings: swift),
        .executableTarget(
            name: "masking-quality", dependencies: ["MaskingCorpus"], path: "Tests/masking-quality",
            exclude: ["quality.md"], swiftSettings: swift),
        .testTarget(
            name: "HoopxMaskingTests",
            dependencies: [
                "HoopxMasking", "MaskingCorpus", "HoopxCore", "HoopxJSON", "HoopxTestSupport", "CCompression",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxClaudeTests", dependencies: ["HoopxClaude", "HoopxCore", "HoopxJSON"], swiftSettings: swift),
        .testTarget(name: "HoopxPolicyTests", dependencies: ["HoopxPolicy", "HoopxCore"], swiftSettings: swift),
        .testTarget(
            name: "HoopxConfigurationTests",
            dependencies: ["HoopxConfiguration", "HoopxCore", "HoopxTransparency", "HoopxTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxOutboundTests", dependencies: ["HoopxOutbound", "HoopxCore", "HoopxTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxIdentityTests",
            dependencies: [
                "HoopxIdentity", "HoopxOutbound", "HoopxCore", "HoopxLinux", "HoopxTestSupport", "CHoopxTestSupport",
                .product(name: "JWTKit", package: "jwt-kit"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxCredentialsTests",
            dependencies: ["HoopxCredentials", "HoopxOutbound", "HoopxCore", "HoopxTestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxAuditTests",
            dependencies: [
                "HoopxAudit", "HoopxCore", "HoopxJSON", "HoopxTransparency", "HoopxTestSupport",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: swift),
        .testTarget(name: "CHoopxFilterTests", dependencies: ["CHoopxFilter"], swiftSettings: swift),
        .testTarget(
            name: "HoopxLinuxTests", dependencies: ["HoopxLinux", "HoopxCore", "CHoopxLinux", "CHoopxTestSupport"],
            swiftSettings: swift),
        .testTarget(name: "HoopxLaunchTests", dependencies: ["HoopxLinux", "CHoopxLinux"], swiftSettings: swift),
        .testTarget(
            name: "HoopxProxyTests",
            dependencies: [
                "HoopxProxy", "HoopxAudit", "HoopxClaude", "HoopxCore", "HoopxCredentials", "HoopxJSON", "HoopxLinux",
                "HoopxMasking", "HoopxOutbound", "HoopxPolicy", "HoopxSandbox", "HoopxTestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxSandboxTests", dependencies: ["HoopxSandbox", "HoopxLinux", "HoopxCore", "CHoopxLinux"],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxSessionTests",
            dependencies: [
                "HoopxSession", "HoopxAudit", "HoopxConfiguration", "HoopxCore", "HoopxCredentials", "HoopxIdentity",
                "HoopxMasking", "HoopxLinux", "HoopxOutbound", "HoopxProxy", "HoopxSandbox", "HoopxTestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swift),
        .testTarget(
            name: "HoopxCommandsTests",
            dependencies: [
                "HoopxCommands", "HoopxAudit", "HoopxClaude", "HoopxCore", "HoopxJSON", "HoopxLinux", "HoopxSession",
            ],
            swiftSettings: swift),
    ]
)
