import Diagnostics
import Files
import Glibc
import Imaging
import MLTools
import MaskPipeline
import MaskStore
import SystemPackage

/// Answers for every frame with the mask that the script has written for it.
struct ReferenceSession: MaskSession {
    let words: [String]
    let prompts: String?
    let size: (width: Int, height: Int)
    let home: EightCutHome
    let program: FilePath
    private var child: ReferenceChild?

    init(
        words: [String],
        prompts: String?,
        size: (width: Int, height: Int),
        home: EightCutHome,
        program: FilePath
    ) {
        self.words = words
        self.prompts = prompts
        self.size = size
        self.home = home
        self.program = program
    }

    mutating func add(_ frame: VideoFrame, isDone: Bool) async throws -> [PendingMask] {
        if isDone { return [] }
        var child = try self.child ?? start(from: frame.index)
        // Whatever happens, it must be known to `end`.
        self.child = child
        defer { self.child = child }
        try await child.wait(for: frame.index)
        let path = child.masks.appending(MaskName.of(frame: frame.index))
        return [PendingMask(frame: frame) { [size] in try Self.read(path, size) }]
    }

    func finish() -> [PendingMask] { [] }

    func end() async { await child?.end() }

    private func start(from frame: Int) throws -> ReferenceChild {
        let folder = try ReferenceFolder(in: home)
        let masks = folder.path.appending("masks")
        var words = words
        if let prompts {
            let file = folder.path.appending("prompts.json")
            try AtomicFile.write(prompts, to: file)
            words += ["--prompts", file.string]
        }
        return ReferenceChild(
            words: words + ["--output", masks.string, "--skip", "\(frame)"],
            masks: masks,
            folder: folder,
            program: program
        )
    }

    private static func read(_ path: FilePath, _ size: (width: Int, height: Int)) throws -> Mask {
        let image = try PNG.readGray(path)
        unlink(path.string)
        guard image.width == size.width, image.height == size.height else {
            throw EightCutError(
                .toolFailed,
                "cannot use the reference's mask",
                on: path.lastComponent?.string,
                because: "OpenCV sees \(image.width)x\(image.height) pixels where ffmpeg sees "
                    + "\(size.width)x\(size.height)"
            )
        }
        return Mask(image: image)
    }
}
