// swift-tools-version: 6.2
import PackageDescription

// Targets are listed from the lowest layer up: each imports only targets above it in this list. The
// folders of Sources are for finding things; ARCHITECTURE.md explains both.

/// A target in `Sources/<folder>/<name>`.
func target(
    _ name: String,
    in folder: String,
    _ targets: [String] = [],
    _ products: [Target.Dependency] = [],
    mainActor: Bool = false
) -> Target {
    .target(
        name: name,
        dependencies: targets.map { .byName(name: $0) } + products,
        path: "Sources/\(folder)/\(name)",
        swiftSettings: mainActor ? [.defaultIsolation(MainActor.self)] : []
    )
}

/// The module map of a C library.
func systemLibrary(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name,
        path: "Sources/Base/System/\(name)",
        pkgConfig: pkgConfig,
        providers: apt.map { [.apt([$0])] }
    )
}

/// Tests in `Tests/<name>`.
///
/// Those that are all calls and comparisons are not optimized, which would take longer than it saves.
/// What they test is, and so are `TestSupport` and all tests with loops over pixels.
func tests(
    _ name: String,
    _ targets: [String],
    _ products: [Target.Dependency] = [],
    isOptimized: Bool = true
) -> Target {
    .testTarget(
        name: name,
        dependencies: targets.map { .byName(name: $0) } + products,
        swiftSettings: isOptimized ? [] : [.unsafeFlags(["-Onone"])]
    )
}

/// Links Swift's own libraries statically, so that a program runs where no toolchain is. Tests are
/// linked dynamically, as Swift Testing needs it, so no test target depends on a program.
let withoutToolchain: [LinkerSetting] =
    [.unsafeFlags(["-static-stdlib"])]
    // What the static Foundation, which GRDB imports, needs besides itself.
    + [
        "CoreFoundation", "FoundationInternationalization", "_FoundationCShims",
        "_FoundationCollections", "_FoundationICU",
    ].map { .linkedLibrary($0) }

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
        // C libraries
        .target(
            name: "CPng",
            path: "Sources/Base/System/CPng",
            linkerSettings: [.linkedLibrary("png"), .linkedLibrary("z")]
        ),
        systemLibrary("COpenSSL", apt: "libssl-dev"),
        systemLibrary("CSQLite", apt: "libsqlite3-dev"),
        systemLibrary("CLinux"),
        systemLibrary("CMalloc"),
        target("CEmptyICUData", in: "Base/System"),
        target("COnnxRuntime", in: "Base/System"),
        target("CProcess", in: "Base/System"),

        // Files, processes, images, media
        target("Diagnostics", in: "Base", ["CProcess"]),
        target("Files", in: "Base", ["CLinux", "COpenSSL", "Diagnostics"], [system]),
        target(
            "Processes",
            in: "Base",
            ["CProcess", "Diagnostics", "Files"],
            [subprocess, system]
        ),
        target("Progress", in: "Base", ["CProcess", "Diagnostics", "Files"]),
        target("Transfers", in: "Base", ["Diagnostics", "Processes"]),
        target("Imaging", in: "Vision", ["CPng", "Diagnostics", "Files"], [system]),
        target("Media", in: "Base", ["Diagnostics", "Files", "Imaging", "Processes"], [system]),

        // What is on the disk
        target("ClipLibrary", in: "Data", ["CSQLite", "Diagnostics", "Files"], [grdb, system]),
        target(
            "MaskStore",
            in: "Data",
            ["Diagnostics", "Files", "Imaging", "Media", "Processes", "Progress"],
            [system]
        ),
        target(
            "DatasetProfiles",
            in: "Data",
            ["Diagnostics", "Files", "MaskStore", "Media"],
            [system]
        ),
        target("Prompts", in: "Data", ["Diagnostics", "Files", "Imaging", "MaskStore"], [system]),
        target("BatchList", in: "Data", ["Diagnostics", "Files"], [system]),
        target("Weights", in: "Models", ["Diagnostics", "Files"], [system]),
        target(
            "MLTools",
            in: "Data",
            ["Diagnostics", "Files", "Processes", "Progress"],
            [system]
        ),
        target(
            "Checkpoints",
            in: "Data",
            ["Diagnostics", "Files", "MLTools", "Progress", "Transfers", "Weights"],
            [system]
        ),
        target(
            "ObjectStore",
            in: "Data",
            ["Diagnostics", "Files", "Processes", "Transfers"],
            [system]
        ),

        // Algorithms and networks
        target("OpticalFlow", in: "Vision"),
        target("Saliency", in: "Vision", ["Imaging", "OpticalFlow"]),
        target("MaskQuality", in: "Vision", ["Imaging", "OpticalFlow", "Saliency"]),
        target("DepthMasks", in: "Vision", ["Imaging"]),
        target("SoundSignals", in: "Vision"),
        target("SoundMotion", in: "Vision", ["SoundSignals"]),
        target("ShotDetection", in: "Vision"),
        target(
            "ScanStore",
            in: "Data",
            ["Diagnostics", "Files", "Media", "ShotDetection", "SoundSignals"],
            [system]
        ),
        target("NeuralGraph", in: "Models", ["Diagnostics", "Weights"]),
        target(
            "OnnxEngine",
            in: "Models",
            ["COnnxRuntime", "Diagnostics", "Files", "NeuralGraph", "Processes", "Weights"],
            [system]
        ),
        target(
            "DepthAnythingV2",
            in: "Models",
            ["Diagnostics", "Files", "Imaging", "NeuralGraph", "OnnxEngine", "Weights"],
            [system]
        ),
        target("Tokenizers", in: "Models", ["Diagnostics", "Files"], [system]),
        target("Detection", in: "Models", ["Diagnostics", "Imaging"]),
        target(
            "OWLv2",
            in: "Models",
            [
                "Detection", "Diagnostics", "Imaging", "NeuralGraph", "OnnxEngine", "Tokenizers",
                "Weights",
            ],
            [system]
        ),
        target(
            "SileroVAD",
            in: "Models",
            ["Diagnostics", "NeuralGraph", "OnnxEngine", "Weights"],
            [system]
        ),
        target(
            "FireRedVAD",
            in: "Models",
            ["Diagnostics", "NeuralGraph", "OnnxEngine", "SoundSignals", "Weights"],
            [system]
        ),
        target(
            "TransNetV2",
            in: "Models",
            ["Diagnostics", "NeuralGraph", "OnnxEngine", "Weights"],
            [system]
        ),
        target("Tracking", in: "Models", ["Imaging"]),
        target(
            "SAM2",
            in: "Models",
            [
                "Diagnostics", "Files", "Imaging", "NeuralGraph", "OnnxEngine", "Processes",
                "Tracking", "Weights",
            ],
            [system]
        ),

        // What a command does
        target(
            "ClipExport",
            in: "Pipelines",
            [
                "ClipLibrary", "DatasetProfiles", "Diagnostics", "Files", "MaskStore", "Media",
                "Processes", "Progress",
            ],
            [system]
        ),
        target(
            "DatasetExport",
            in: "Pipelines",
            [
                "ClipExport", "ClipLibrary", "DatasetProfiles", "Diagnostics", "Files", "Imaging",
                "MaskStore", "Media", "ObjectStore", "Processes", "Progress",
            ],
            [system]
        ),
        target(
            "ClipImport",
            in: "Pipelines",
            [
                "ClipExport", "ClipLibrary", "DatasetExport", "DatasetProfiles", "Diagnostics",
                "Files", "MaskStore", "Media", "Progress",
            ],
            [system]
        ),
        target(
            "VideoScanning",
            in: "Pipelines",
            [
                "Diagnostics", "Files", "Imaging", "Media", "Progress", "ScanStore",
                "ShotDetection",
                "SoundSignals",
            ],
            [system]
        ),
        target(
            "ModelScanning",
            in: "Pipelines",
            [
                "Checkpoints", "Diagnostics", "Files", "FireRedVAD", "Imaging", "Media",
                "OnnxEngine",
                "Progress", "ScanStore", "ShotDetection", "SileroVAD", "SoundSignals", "TransNetV2",
                "VideoScanning",
            ],
            [system]
        ),
        target(
            "ClipFinding",
            in: "Pipelines",
            [
                "Diagnostics", "Files", "ScanStore", "ShotDetection", "SoundSignals",
                "VideoScanning",
            ],
            [system]
        ),
        target(
            "ClipReview",
            in: "Pipelines",
            ["ClipLibrary", "Diagnostics", "Files", "MaskStore"],
            [system]
        ),
        target(
            "Previews",
            in: "Pipelines",
            ["Diagnostics", "Files", "Imaging", "MaskStore", "Media", "Progress"],
            [system]
        ),
        target(
            "ReviewPage",
            in: "Pipelines",
            [
                "ClipLibrary", "ClipReview", "Diagnostics", "Files", "MaskStore", "Media",
                "Previews",
                "Progress",
            ],
            [system]
        ),
        target(
            "SystemCheck",
            in: "Pipelines",
            [
                "Checkpoints", "ClipLibrary", "Diagnostics", "Files", "MLTools", "Media",
                "OnnxEngine", "Processes", "Transfers",
            ],
            [system]
        ),
        target(
            "MaskPipeline",
            in: "Pipelines",
            [
                "Diagnostics", "Files", "Imaging", "MaskQuality", "MaskStore", "Media", "Progress",
                "Saliency",
            ],
            [system]
        ),
        .target(
            name: "Methods",
            dependencies: [
                "Checkpoints", "DepthAnythingV2", "DepthMasks", "Detection", "Diagnostics", "Files",
                "Imaging", "MLTools", "MaskPipeline", "MaskQuality", "MaskStore", "Media",
                "NeuralGraph",
                "OWLv2", "OnnxEngine", "Processes", "Progress", "Prompts", "SAM2", "Saliency",
                "SoundMotion",
                "Tracking", system,
            ]
        ),
        target(
            "MaskScoring",
            in: "Pipelines",
            [
                "Diagnostics", "Files", "Imaging", "MaskPipeline", "MaskQuality", "MaskStore",
                "Media", "Methods", "Progress", "Prompts", "SAM2", "Saliency",
            ],
            [system]
        ),
        target(
            "BatchRun",
            in: "Pipelines",
            [
                "BatchList", "ClipExport", "ClipLibrary", "DatasetProfiles", "Diagnostics",
                "Files", "MaskStore", "Media", "ObjectStore", "Progress",
            ],
            [system]
        ),
        target(
            "BatchPlanning",
            in: "Pipelines",
            [
                "BatchList", "ClipExport", "ClipLibrary", "DatasetExport", "DatasetProfiles",
                "Diagnostics", "Files", "MaskStore", "Media", "Progress",
            ],
            [system]
        ),
        target(
            "BatchSubmission",
            in: "Pipelines",
            ["BatchList", "Diagnostics", "Files", "Processes"],
            [system]
        ),
        target("InteractiveProtocol", in: "Pipelines", ["Diagnostics", "Files", "Progress"]),
        target(
            "InteractiveServer",
            in: "Pipelines",
            [
                "Diagnostics", "Files", "Imaging", "InteractiveProtocol", "MaskPipeline",
                "MaskStore", "Media", "Methods", "Progress", "Prompts", "SAM2",
            ],
            [system]
        ),
        target(
            "Parity",
            in: "Pipelines",
            [
                "DepthAnythingV2", "DepthMasks", "Detection", "Diagnostics", "Files", "Imaging",
                "MLTools", "MaskPipeline", "MaskStore", "Media", "Methods", "Progress", "Prompts",
                "Tracking", "Weights",
            ],
            [system]
        ),

        // The command line
        target(
            "Commands",
            in: "CommandLine",
            [
                "BatchList", "BatchPlanning", "BatchRun", "BatchSubmission", "Checkpoints",
                "ClipExport", "ClipFinding", "ClipImport", "ClipLibrary", "ClipReview",
                "DatasetExport",
                "DatasetProfiles", "DepthMasks", "Detection", "Diagnostics", "Files",
                "InteractiveServer", "MLTools",
                "MaskPipeline", "MaskQuality", "MaskScoring", "MaskStore", "Media", "Methods",
                "ModelScanning", "NeuralGraph", "ObjectStore", "OnnxEngine", "Parity", "Previews",
                "Processes",
                "Progress", "Prompts", "ReviewPage", "SAM2", "Saliency", "SoundMotion",
                "ScanStore", "SoundSignals", "SystemCheck",
                "Tracking", "VideoScanning",
            ],
            [argumentParser, system]
        ),
        .executableTarget(
            name: "EightCutCLI",
            dependencies: ["CEmptyICUData", "CMalloc", "Commands"],
            path: "Sources/CommandLine/EightCutCLI",
            linkerSettings: withoutToolchain
        ),

        // The desktop app. It starts the command line as a child: nothing here runs a network.
        systemLibrary("CIntl"),
        systemLibrary("CMpv", pkgConfig: "mpv", apt: "libmpv-dev"),
        systemLibrary("CDispatchMain"),
        systemLibrary("CGtk", pkgConfig: "libadwaita-1", apt: "libadwaita-1-dev"),
        target("Localization", in: "App", ["CIntl"]),
        target("Bindings", in: "App", mainActor: true),
        target("Playback", in: "App", ["CMpv", "Diagnostics", "Imaging"], [system]),
        target(
            "DesktopModel",
            in: "App",
            [
                "Bindings", "Checkpoints", "ClipExport", "ClipFinding", "ClipLibrary", "ClipReview",
                "DatasetProfiles", "Detection", "Diagnostics", "Files", "Imaging",
                "InteractiveProtocol",
                "Localization", "MLTools", "MaskStore", "Media", "Playback", "Processes",
                "Progress", "ScanStore", "ShotDetection", "SoundSignals", "VideoScanning",
            ],
            [system]
        ),
        target(
            "GtkKit",
            in: "App",
            ["Bindings", "CDispatchMain", "CGtk", "Imaging"],
            [system],
            mainActor: true
        ),
        .executableTarget(
            name: "EightCutDesktop",
            dependencies: [
                "CEmptyICUData", "CGtk", "CMalloc", "Checkpoints", "ClipFinding", "ClipLibrary",
                "DatasetProfiles",
                "DesktopModel", "Diagnostics",
                "Files", "GtkKit", "Imaging", "Localization", "Media", "Playback", "Processes",
                "Progress", system,
            ],
            path: "Sources/App/EightCutDesktop",
            swiftSettings: [.defaultIsolation(MainActor.self)],
            linkerSettings: withoutToolchain
        ),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "Files", "Imaging", "MLTools", "MaskStore", "OnnxEngine", "Processes", "Weights",
                system,
            ],
            path: "Tests/TestSupport"
        ),
        tests(
            "BaseTests",
            ["Diagnostics", "Files", "Media", "Processes", "Progress", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests("ImagingTests", ["Diagnostics", "Files", "Imaging", "TestSupport"], [system]),
        tests(
            "CommandLineTests",
            ["Commands", "Diagnostics", "Files", "TestSupport"],
            [argumentParser, system],
            isOptimized: false
        ),
        tests(
            "PromptsTests",
            ["Commands", "Diagnostics", "Files", "Imaging", "Prompts", "TestSupport"],
            [argumentParser, system],
            isOptimized: false
        ),
        tests(
            "ClipLibraryTests",
            ["ClipLibrary", "Diagnostics", "Files", "TestSupport"],
            [grdb, system],
            isOptimized: false
        ),
        tests(
            "MaskStoreTests",
            ["Diagnostics", "Files", "Imaging", "MaskStore", "TestSupport"],
            [system]
        ),
        tests(
            "BatchListTests",
            ["BatchList", "Diagnostics", "Files", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests(
            "BatchPlanningTests",
            ["BatchList", "ClipLibrary", "Files", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests("WeightsTests", ["Diagnostics", "Files", "TestSupport", "Weights"], [system]),
        tests(
            "TokenizersTests",
            ["Diagnostics", "Files", "TestSupport", "Tokenizers"],
            [system]
        ),
        tests(
            "OWLv2Tests",
            [
                "Detection", "Diagnostics", "Files", "Imaging", "OWLv2", "OnnxEngine",
                "TestSupport", "Weights",
            ],
            [system]
        ),
        tests(
            "SileroVADTests",
            [
                "Diagnostics", "Files", "OnnxEngine", "SileroVAD", "TestSupport", "Weights",
            ],
            [system]
        ),
        tests(
            "FireRedVADTests",
            [
                "Diagnostics", "FireRedVAD", "OnnxEngine", "SoundSignals", "TestSupport", "Weights",
            ],
            [system]
        ),
        tests(
            "TransNetV2Tests",
            ["Diagnostics", "OnnxEngine", "TestSupport", "TransNetV2", "Weights"],
            [system]
        ),
        tests("DetectionTests", ["Detection", "Diagnostics", "Files", "Imaging"], [system]),
        tests(
            "CheckpointsTests",
            ["Checkpoints", "Diagnostics", "Files", "TestSupport", "Transfers", "Weights"],
            [system],
            isOptimized: false
        ),
        tests(
            "ObjectStoreTests",
            ["Diagnostics", "Files", "ObjectStore", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests(
            "MLToolsTests",
            ["Diagnostics", "Files", "MLTools", "OnnxEngine", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests(
            "SystemCheckTests",
            ["Processes", "SystemCheck"],
            isOptimized: false
        ),
        tests("OpticalFlowTests", ["OpticalFlow", "TestSupport"]),
        tests(
            "SaliencyTests",
            ["DepthMasks", "Imaging", "MaskStore", "OpticalFlow", "Saliency", "TestSupport"]
        ),
        tests("MaskQualityTests", ["Imaging", "MaskQuality"]),
        tests("SoundMotionTests", ["SoundMotion", "TestSupport"]),
        tests("SoundSignalsTests", ["SoundSignals", "TestSupport"], [system]),
        tests("ShotDetectionTests", ["ShotDetection"], [system]),
        tests(
            "ScanStoreTests",
            ["ScanStore", "ShotDetection", "SoundSignals", "TestSupport"],
            isOptimized: false
        ),
        tests(
            "ClipFindingTests",
            [
                "ClipFinding", "Diagnostics", "Files", "Media", "ScanStore", "ShotDetection",
                "SoundSignals", "TestSupport", "VideoScanning",
            ],
            [system]
        ),
        tests("DepthMasksTests", ["DepthMasks", "Imaging", "MaskStore", "TestSupport"]),
        tests("NeuralGraphTests", ["Diagnostics", "NeuralGraph", "TestSupport"]),
        tests(
            "OnnxEngineTests",
            ["Diagnostics", "NeuralGraph", "OnnxEngine", "TestSupport", "Weights"]
        ),
        tests(
            "DepthAnythingV2Tests",
            [
                "DepthAnythingV2", "Diagnostics", "Files", "Imaging", "NeuralGraph", "OnnxEngine",
                "TestSupport", "Weights",
            ],
            [system]
        ),
        tests("TrackingTests", ["Imaging", "TestSupport", "Tracking"]),
        tests(
            "SAM2Tests",
            [
                "Diagnostics", "Files", "Imaging", "Methods", "NeuralGraph", "OnnxEngine",
                "Processes", "Prompts", "SAM2", "TestSupport", "Tracking", "Weights",
            ],
            [system]
        ),
        tests(
            "DatasetExportTests",
            [
                "ClipLibrary", "DatasetExport", "DatasetProfiles", "Diagnostics", "Files",
                "Imaging", "ObjectStore", "Progress", "TestSupport",
            ],
            [system],
            isOptimized: false
        ),
        tests(
            "ClipImportTests",
            [
                "ClipImport", "ClipLibrary", "Diagnostics", "Files", "Progress", "TestSupport",
            ],
            [grdb, system],
            isOptimized: false
        ),
        tests(
            "ClipReviewTests",
            ["ClipLibrary", "ClipReview", "Imaging", "MaskStore", "TestSupport"],
            isOptimized: false
        ),
        tests(
            "ClipExportTests",
            [
                "ClipExport", "ClipLibrary", "DatasetProfiles", "Diagnostics", "Files", "MaskStore",
                "Media",
                "TestSupport",
            ],
            [grdb, system],
            isOptimized: false
        ),
        tests(
            "HostileDataTests",
            [
                "BatchList", "Checkpoints", "ClipExport", "ClipLibrary", "DatasetExport",
                "DatasetProfiles",
                "DepthAnythingV2", "DesktopModel", "Detection", "Diagnostics", "Files", "Imaging",
                "InteractiveProtocol", "MLTools", "MaskStore", "Media", "Methods",
                "ObjectStore", "Progress", "Prompts", "SAM2", "TestSupport", "Transfers", "Weights",
            ],
            [grdb, system],
            isOptimized: false
        ),
        tests(
            "BatchSubmissionTests",
            ["BatchSubmission", "Files", "TestSupport"],
            [system],
            isOptimized: false
        ),
        tests("PreviewsTests", ["Imaging", "Previews"]),
        tests(
            "ReviewPageTests",
            [
                "ClipLibrary", "ClipReview", "Diagnostics", "Files", "Progress", "ReviewPage",
                "TestSupport",
            ],
            [system],
            isOptimized: false
        ),
        tests("PlaybackTests", ["Imaging", "Playback", "TestSupport"], [system]),
        tests(
            "DesktopModelTests",
            [
                "ClipFinding", "ClipLibrary", "ClipReview", "DesktopModel", "Detection",
                "Diagnostics", "Files", "Imaging", "Localization", "MaskStore", "Media", "Playback",
                "Progress", "ScanStore", "ShotDetection", "TestSupport",
            ],
            [system],
            isOptimized: false
        ),
        tests(
            "CommandTests",
            [
                "ClipFinding", "Detection", "Diagnostics", "Files", "Imaging",
                "InteractiveProtocol",
                "MLTools", "MaskPipeline", "MaskStore", "Media", "Methods", "ObjectStore",
                "OnnxEngine", "Processes", "Progress", "Prompts", "TestSupport",
            ],
            [system],
            isOptimized: false
        ),
    ],
    swiftLanguageModes: [.v6]
)
