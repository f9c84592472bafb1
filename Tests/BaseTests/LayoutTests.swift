import Files
import SystemPackage
import TestSupport
import Testing

/// The layout that ARCHITECTURE.md describes: a few folders, and imports that run one way.
@Suite struct LayoutTests {
    /// What runs networks or makes masks. The app starts the command line for that.
    private static let inference = [
        "COnnxRuntime", "OnnxEngine", "NeuralGraph", "DepthAnythingV2", "SAM2", "Tracking",
        "Saliency", "DepthMasks", "MaskPipeline", "Methods", "Parity", "InteractiveServer",
    ]

    private let package: SourcePackage

    init() throws {
        package = try SourcePackage()
    }

    @Test func sourcesHaveAFewFoldersAndEveryTargetIsInOne() throws {
        let folders = try Folder.names(in: package.root.appending("Sources"))
        #expect(folders.count <= 8, "\(folders)")
        #expect(Set(package.folders.keys).isSubset(of: package.targets))
        #expect(package.folders.count > 35)
    }

    @Test func noImportRunsUpwards() {
        var count = 0
        for (place, target) in package.targets.enumerated() {
            for name in package.imports[target] ?? [] {
                guard let imported = package.targets.firstIndex(of: name) else { continue }
                count += 1
                #expect(imported < place, "\(target) imports \(name)")
            }
        }
        #expect(count > 150, "the imports were not found")
    }

    @Test func theAppReachesNoInference() {
        let reached = package.reached(from: "EightCutDesktop")
        #expect(reached.contains("DesktopModel") && reached.contains("MaskStore"))
        #expect(reached.isDisjoint(with: Self.inference), "\(reached.sorted())")
        #expect(package.reached(from: "EightCutCLI").isSuperset(of: Self.inference))
    }

    @Test func previewsReadMasksAndReachNoInference() {
        #expect(package.reached(from: "Previews").isDisjoint(with: Self.inference))
    }

    /// The command line builds and runs on machines without GTK.
    @Test func theCommandLineNeedsNoWindow() async throws {
        let windows = ["CGtk", "CMpv", "GtkKit", "Playback", "DesktopModel", "EightCutDesktop"]
        #expect(package.reached(from: "EightCutCLI").isDisjoint(with: windows))
        let result = try await Program.run("ldd", [Program.eightCut.string])
        #expect(result.status == 0)
        #expect(!result.output.contains("gtk") && !result.output.contains("mpv"))
    }
}

/// The targets of Package.swift and what their files import.
private struct SourcePackage {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()
    /// In the order of Package.swift.
    let targets: [String]
    /// The folders of the targets in Sources.
    private(set) var folders: [String: FilePath] = [:]
    private(set) var imports: [String: Set<String>] = [:]

    init() throws {
        let text = String(
            decoding: try MaskSet.bytes(of: root.appending("Package.swift")),
            as: UTF8.self
        )
        let declaration =
            /(?:target|systemLibrary|executableTarget)\(\s*(?:name: )?"(\w+)"/
        targets = text.matches(of: declaration).map { String($0.1) }
        for group in try Folder.names(in: root.appending("Sources")) {
            try find(in: root.appending("Sources").appending(group), group)
        }
    }

    /// All targets that a target imports, directly or not.
    func reached(from target: String) -> Set<String> {
        var reached: Set<String> = []
        var open = [target]
        while let next = open.popLast() {
            for name in imports[next] ?? [] where reached.insert(name).inserted {
                open.append(name)
            }
        }
        return reached
    }

    private mutating func find(in folder: FilePath, _ name: String) throws {
        guard try Folder.kind(of: folder) == .folder else { return }
        if targets.contains(name) {
            folders[name] = folder
            imports[name] = try Self.imports(in: folder)
            return
        }
        for child in try Folder.names(in: folder) { try find(in: folder.appending(child), child) }
    }

    private static func imports(in folder: FilePath) throws -> Set<String> {
        var names: Set<String> = []
        for name in try Folder.names(in: folder) {
            let path = folder.appending(name)
            if try Folder.kind(of: path) == .folder {
                names.formUnion(try imports(in: path))
            } else if name.hasSuffix(".swift") {
                let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
                for line in text.split(separator: "\n") {
                    let words = line.split(separator: " ")
                    guard let place = words.firstIndex(of: "import"), place <= 1,
                        words.count == place + 2
                    else { continue }
                    names.insert(String(words[place + 1]))
                }
            }
        }
        return names
    }
}
