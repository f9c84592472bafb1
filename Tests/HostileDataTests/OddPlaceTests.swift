import Checkpoints
import ClipExport
import ClipLibrary
import DesktopModel
import Dispatch
import Files
import Glibc
import Imaging
import MLTools
import MaskStore
import Media
import Prompts
import SAM2
import Synchronization
import SystemPackage
import TestSupport
import Testing
import Weights

/// Something other than a plain file in the place of a file that is read: no reader waits for it or
/// reads on without end.
@Suite struct OddPlaceTests {
    enum Place: String, CaseIterable, CustomTestStringConvertible {
        case pipe, linkToPipe, folder, linkToDevice, danglingLink, loop

        var testDescription: String { rawValue }

        func make(_ path: FilePath) {
            let pipe = path.string + ".pipe"
            switch self {
            case .pipe: mkfifo(path.string, 0o600)
            case .linkToPipe:
                mkfifo(pipe, 0o600)
                symlink(pipe, path.string)
            case .folder: mkdir(path.string, 0o700)
            case .linkToDevice: symlink("/dev/zero", path.string)
            case .danglingLink: symlink("/missing/at/all", path.string)
            case .loop: symlink(path.string, path.string)
            }
        }

        /// Releases a reader that waits.
        func release(_ path: FilePath) {
            for name in [path.string, path.string + ".pipe"] {
                let file = open(name, O_WRONLY | O_NONBLOCK)
                if file >= 0 { close(file) }
            }
        }
    }

    /// Reads a file of a folder.
    struct Reader: Sendable, CustomTestStringConvertible {
        let file: String
        let read: @Sendable (_ folder: FilePath) throws -> Void

        init(_ file: String, _ read: @escaping @Sendable (FilePath) throws -> Void) {
            self.file = file
            self.read = read
        }

        var testDescription: String { file }
    }

    private static let readers = [
        Reader(MaskManifest.fileName) {
            _ = try MaskManifest(readingFrom: $0.appending(MaskManifest.fileName))
        },
        Reader(MaskManifest.fileName) { _ = try MaskManifest(in: OpenFolder($0)) },
        Reader(FrameJournal.name.string) {
            var journal = try FrameJournal.existing(in: OpenFolder($0))
            try journal?.read { _ in true }
        },
        Reader("frame_0000.png") { _ = try PNG.readGray($0.appending("frame_0000.png")) },
        Reader("prompts.json") { _ = try PromptList(file: $0.appending("prompts.json")) },
        Reader(DatasetFile.fileName) { _ = try DatasetFile(in: $0).paths() },
        Reader("session.json") { _ = SessionState.read(EightCutHome($0)) },
        Reader("settings.json") {
            let licences = AcceptedLicences(EightCutHome($0))
            try licences.accept(CheckpointCatalogue.named("depth-anything-v2-large"))
        },
        Reader(ToolsFolder.marker) {
            _ = ToolsFolder.content(of: $0)
            _ = try ToolsMarker(readingFrom: $0.appending(ToolsFolder.marker))
        },
        Reader(ImageSequence.noteName) {
            try AtomicFile.write("", to: $0.appending("frame_0001.png"))
            _ = ImageSequence($0)
        },
        Reader(CheckpointWeights.fileName) { _ = try CheckpointWeights($0) },
        Reader(WeightIndex.fileName) { _ = try CheckpointWeights($0) },
        Reader(CheckpointFiles.config) { _ = try Sam2Configuration.read(from: $0) },
        Reader("cuts.csv") {
            let defaults = CutList.Defaults(
                input: "a.mp4",
                name: "a",
                label: nil,
                category: nil,
                settings: CutSettings(),
                count: 1,
                spread: 1
            )
            _ = try CutList($0.appending("cuts.csv"), defaults)
        },
        Reader("clip.mp4") { _ = try FileFingerprint(of: $0.appending("clip.mp4")) },
    ]

    @Test(arguments: readers, Place.allCases)
    func noReaderWaits(reader: Reader, place: Place) async throws {
        let folder = try TemporaryFolder()
        let path = folder[reader.file]
        place.make(path)
        let state = Completion()
        DispatchQueue.global().async {
            try? reader.read(folder.path)
            state.isDone.store(true, ordering: .releasing)
        }
        defer { place.release(path) }
        try await eventually("\(reader.file) was read", within: .seconds(30)) {
            state.isDone.load(ordering: .acquiring)
        }
    }

    private final class Completion: Sendable {
        let isDone = Atomic(false)
    }
}
