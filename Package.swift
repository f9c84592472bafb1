// swift-tools-version: 6.2
import PackageDescription

/// A room of the house. Rooms stand in the order of their floors: each imports only rooms that
/// stand above it in this list (a test holds that).
func room(_ name: String, _ rooms: [String] = [], _ libraries: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: rooms.map { .byName(name: $0) } + libraries)
}

/// A room whose code all runs on the main actor, as GTK wants it.
func screen(_ name: String, _ rooms: [String]) -> Target {
    .target(
        name: name,
        dependencies: rooms.map { .byName(name: $0) },
        swiftSettings: [.defaultIsolation(MainActor.self)]
    )
}

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "8cut",
    products: [
        .executable(name: "8cut", targets: ["EightCutCLI"]),
        .executable(name: "8cut-desktop", targets: ["EightCutDesktop"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without its default trait the package does not pull in Foundation.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .target(name: "CPng", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "COnnxRuntime"),
        room("Diagnostics"),
        room("Pixels"),
        room("Resampling"),
        room("Jobs", ["Diagnostics"]),
        room("Files", ["COpenSSL", "Diagnostics"], [system]),
        room("Pictures", ["CPng", "Diagnostics", "Files", "Pixels"], [system]),
        room("Prompts", ["Diagnostics", "Files", "Pictures", "Pixels"], [system]),
        room("Media", ["Diagnostics", "Files", "Pixels"], [subprocess, system]),
        room("ClipLibrary", ["Diagnostics", "Files"], [grdb, system]),
        room("Clips", ["Diagnostics", "Files", "Media"], [system]),
        room("Weights", ["Diagnostics", "Files"], [system]),
        room("Checkpoints", ["Diagnostics", "Files", "Jobs", "Weights"], [subprocess, system]),
        room("OnnxGraph", ["Diagnostics", "Weights"]),
        room("OnnxEngine", ["COnnxRuntime", "Diagnostics", "Files", "OnnxGraph"], [system]),
        room("Layers", ["OnnxGraph"]),
        room(
            "DepthAnythingV2",
            [
                "Diagnostics", "Files", "Layers", "OnnxEngine", "OnnxGraph", "Pixels", "Resampling",
                "Weights",
            ],
            [system]
        ),
        room("Tracking", ["Resampling"]),
        room(
            "SAM2",
            [
                "Diagnostics", "Files", "Layers", "OnnxEngine", "OnnxGraph", "Pixels", "Resampling",
                "Tracking", "Weights",
            ],
            [system]
        ),
        room("MLTools", ["Diagnostics", "Files", "Jobs", "OnnxEngine"], [subprocess, system]),
        room("Saliency", ["Pixels"]),
        room("DepthMasks", ["Pixels", "Resampling"]),
        room(
            "Masks",
            [
                "Checkpoints", "DepthAnythingV2", "DepthMasks", "Diagnostics", "Files", "Jobs",
                "MLTools", "Media", "OnnxEngine", "OnnxGraph", "Pictures", "Pixels", "Prompts",
                "Resampling", "SAM2", "Saliency", "Tracking",
            ],
            [system]
        ),
        room(
            "Interaction",
            [
                "Diagnostics", "Files", "Jobs", "Masks", "Media", "Pictures", "Prompts", "SAM2",
            ],
            [system]
        ),
        room(
            "Exports",
            ["ClipLibrary", "Clips", "Diagnostics", "Files", "Jobs", "Media"],
            [system]
        ),
        room(
            "Previews",
            ["Diagnostics", "Files", "Jobs", "Masks", "Media", "Pictures", "Pixels"],
            [system]
        ),
        room(
            "Verification",
            [
                "DepthAnythingV2", "DepthMasks", "Diagnostics", "Files", "Jobs", "MLTools", "Masks",
                "Media", "Pictures", "Pixels", "Prompts", "Weights",
            ],
            [system]
        ),
        room(
            "Commands",
            [
                "Checkpoints", "ClipLibrary", "Clips", "DepthMasks", "Diagnostics", "Exports",
                "Files", "Interaction", "Jobs", "MLTools", "Masks", "Media", "OnnxEngine",
                "OnnxGraph", "Pictures", "Pixels", "Previews", "Prompts", "SAM2", "Saliency",
                "Tracking", "Verification",
            ],
            [argumentParser, system]
        ),
        .executableTarget(name: "EightCutCLI", dependencies: ["Commands"]),

        .systemLibrary(name: "CIntl"),
        .systemLibrary(name: "CMpv", pkgConfig: "mpv", providers: [.apt(["libmpv-dev"])]),
        .systemLibrary(name: "CDispatchMain"),
        .systemLibrary(
            name: "CGtk",
            pkgConfig: "libadwaita-1",
            providers: [.apt(["libadwaita-1-dev"])]
        ),
        room("Localization", ["CIntl"]),
        room("Playback", ["CMpv", "Diagnostics", "Pixels"], [system]),
        room(
            "DesktopModel",
            [
                "Checkpoints", "ClipLibrary", "Clips", "Diagnostics", "Exports", "Files", "Jobs",
                "Localization", "MLTools", "Masks", "Media", "Pictures", "Pixels", "Playback",
            ],
            [subprocess, system]
        ),
        screen("GtkKit", ["CDispatchMain", "CGtk", "Pixels"]),
        .executableTarget(
            name: "EightCutDesktop",
            dependencies: [
                "CGtk", "Checkpoints", "ClipLibrary", "Clips", "DesktopModel", "Diagnostics",
                "Files", "GtkKit", "Jobs", "Localization", "Media", "Pixels", "Playback", system,
            ],
            swiftSettings: [.defaultIsolation(MainActor.self)]
        ),

        .target(
            name: "TestSupport",
            dependencies: [
                "Files", "MLTools", "Masks", "OnnxEngine", "Pictures", "Pixels", "Weights",
                subprocess, system,
            ],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "SaliencyTests", dependencies: ["Pixels", "Saliency"]),
        .testTarget(name: "ResamplingTests", dependencies: ["Resampling", "TestSupport"]),
        .testTarget(
            name: "TrackingTests",
            dependencies: ["Resampling", "TestSupport", "Tracking"]
        ),
        .testTarget(
            name: "DepthMaskTests",
            dependencies: ["DepthMasks", "Pixels", "Resampling", "TestSupport"]
        ),
        .testTarget(
            name: "MLToolsTests",
            dependencies: ["Diagnostics", "Files", "MLTools", "OnnxEngine", "TestSupport", system]
        ),
        .testTarget(
            name: "RoomTests",
            dependencies: [
                "Diagnostics", "Files", "Jobs", "Masks", "Media", "Pictures", "Pixels", "Previews",
                "TestSupport", system,
            ]
        ),
        .testTarget(
            name: "PromptTests",
            dependencies: [
                "Commands", "Diagnostics", "Files", "Pictures", "Pixels", "Prompts", "TestSupport",
                argumentParser, system,
            ]
        ),
        .testTarget(
            name: "CheckpointTests",
            dependencies: ["Checkpoints", "Diagnostics", "Files", "TestSupport", "Weights", system]
        ),
        .testTarget(
            name: "WeightTests",
            dependencies: ["Diagnostics", "Files", "TestSupport", "Weights", system]
        ),
        .testTarget(
            name: "OnnxGraphTests",
            dependencies: ["Diagnostics", "OnnxGraph", "TestSupport", "Weights"]
        ),
        .testTarget(
            name: "OnnxEngineTests",
            dependencies: ["Diagnostics", "OnnxEngine", "OnnxGraph", "TestSupport", "Weights"]
        ),
        .testTarget(
            name: "DepthAnythingTests",
            dependencies: [
                "DepthAnythingV2", "Diagnostics", "Files", "OnnxEngine", "OnnxGraph", "Pixels",
                "Resampling", "TestSupport", "Weights", system,
            ]
        ),
        .testTarget(
            name: "SAM2Tests",
            dependencies: [
                "Diagnostics", "Files", "Masks", "OnnxEngine", "OnnxGraph", "Pixels", "Prompts",
                "Resampling", "SAM2", "TestSupport", "Tracking", "Weights", system,
            ]
        ),
        .testTarget(
            name: "LibraryTests",
            dependencies: ["ClipLibrary", "Diagnostics", "Files", "TestSupport", grdb, system]
        ),
        .testTarget(
            name: "ExportTests",
            dependencies: [
                "ClipLibrary", "Clips", "Diagnostics", "EightCutCLI", "Exports", "Files", "Jobs",
                "Masks", "Media", "TestSupport", system,
            ]
        ),
        .testTarget(
            name: "PlaybackTests",
            dependencies: ["Pixels", "Playback", "TestSupport", system]
        ),
        .testTarget(
            name: "DesktopModelTests",
            dependencies: [
                "ClipLibrary", "DesktopModel", "Diagnostics", "EightCutCLI", "Files", "Jobs",
                "Localization", "Masks", "Media", "Pixels", "Playback", "TestSupport", system,
            ]
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "DepthMasks", "Diagnostics", "EightCutCLI", "Files", "Interaction", "Jobs",
                "MLTools", "Masks", "Media", "OnnxEngine", "OnnxGraph", "Pictures", "Pixels",
                "Prompts", "Resampling", "TestSupport", system,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
