import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What is in the place of an output, and is no folder or file of ours.
@Suite struct OutputPlaceTests {
    enum Place: String, CaseIterable, CustomTestStringConvertible {
        case loop, danglingLink, pipe, linkToPipe, device, linkToDevice, linkToFile

        var testDescription: String { rawValue }

        func make(_ path: FilePath, _ other: FilePath) {
            switch self {
            case .loop: symlink(path.string, path.string)
            case .danglingLink: symlink("/missing/at/all", path.string)
            case .pipe: mkfifo(path.string, 0o644)
            case .linkToPipe:
                mkfifo(other.string, 0o644)
                symlink(other.string, path.string)
            case .device: symlink("/dev/full", path.string)
            case .linkToDevice: symlink("/dev/zero", path.string)
            case .linkToFile: symlink(other.string, path.string)
            }
        }
    }

    private func expectRejection(
        _ place: Place,
        _ words: (_ output: String) -> [String]
    ) async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (64, 48))
        if place == .linkToFile { try AtomicFile.write("keep", to: folder["other"]) }
        let output = folder["out"]
        place.make(output, folder["other"])

        let result = try await Program.run(
            "timeout",
            ["-k", "5", "60", Program.eightCut.string] + words("out"),
            environment: ["EIGHTCUT_HOME": folder["home"].string],
            in: folder.path
        )

        #expect((1..<124).contains(result.status), "\(result.status): \(result.errors)")
        // A link is told by what it leads to.
        #expect(
            ["out", folder["other"].string, "'/dev/"].contains { result.errors.contains($0) },
            "\(result.errors)"
        )
        if place == .linkToFile {
            #expect(try MaskSet.bytes(of: folder["other"]) == Array("keep".utf8))
        }
        #expect(try Folder.names(in: folder.path).allSatisfy { !$0.hasPrefix(".8cut-tmp") })
    }

    @Test(arguments: Place.allCases) func masksAreNotWrittenThere(place: Place) async throws {
        try await expectRejection(place) {
            ["masks", "saliency", "-i", "clip.mp4", "--output", $0]
        }
    }

    @Test(arguments: Place.allCases) func clipsAreNotWrittenThere(place: Place) async throws {
        try await expectRejection(place) {
            [
                "export", "-i", "clip.mp4", "--start", "0", "--duration", "0.5", "--name", "a",
                "--to", $0,
            ]
        }
    }
}
