import Diagnostics
import Files
import Glibc
import Imaging
import MLTools
import MaskPipeline
import MaskStore
import Media
import Processes
import SystemPackage

/// The reference implementation: a Python script that runs a model with transformers, in the
/// environment that `8cut tools install --reference` makes. It is there to compare with.
package struct ReferenceMethod: MaskMethod {
    /// The model that the script runs.
    package enum Model: Sendable {
        /// Depth Anything V2.
        case depth
        /// SAM 2, with prompts as the text of a file of them.
        case sam(prompts: String)
    }

    private let kind: Model
    private let input: FilePath
    private let checkpoint: String
    private let home: EightCutHome
    private let program: FilePath
    private let script: FilePath?

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// - Parameters:
    ///   - kind: the model.
    ///   - input: the video, which the script reads by itself.
    ///   - model: a name on the hub, or a folder with a checkpoint.
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`, beside which the script is.
    ///   - script: the script; nil for the one that is installed with the program.
    package init(
        _ kind: Model,
        input: FilePath,
        model: String,
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram,
        script: FilePath? = nil
    ) {
        self.kind = kind
        self.input = input.absolute
        // The script does not run where the user is.
        let folder = FilePath(model).absolute
        checkpoint = (try? Folder.kind(of: folder)) == .folder ? folder.string : model
        self.home = home
        self.program = program
        self.script = script
    }

    package var name: String {
        switch kind {
        case .depth: "depth"
        case .sam: "sam"
        }
    }

    package var settings: [String: SettingValue] {
        let own: (name: String, value: SettingValue) =
            switch kind {
            case .depth: ("threshold", .text("otsu"))
            case .sam(let prompts): ("prompts", .text(prompts))
            }
        return [
            "engine": .text("reference"), "model": .text(checkpoint),
            "revision": .number(Self.revision), own.name: own.value,
        ]
    }

    /// Grey is least to decode: the script reads the video by itself.
    package let pixelFormat = PixelFormat.gray8

    /// Makes sure that script and environment are there. The script starts with the first frame
    /// that has no mask yet.
    ///
    /// - Throws: `EightCutError` of code `toolMissing` when one of them is not.
    package func makeSession(for video: MaskVideo) throws -> any MaskSession {
        let (script, prompts): (ReferenceScript, String?) =
            switch kind {
            case .depth: (.depth, nil)
            case .sam(let prompts): (.sam, prompts)
            }
        let command = try ReferenceScript.command(
            script,
            home: home,
            program: program,
            at: self.script
        )
        return ReferenceSession(
            arguments: command + ["--input", input.string, "--model", checkpoint],
            prompts: prompts,
            size: (video.stream.width, video.stream.height),
            home: home
        )
    }
}

/// Answers for every frame with the mask that the script has written for it.
private struct ReferenceSession: MaskSession {
    let arguments: [String]
    let prompts: String?
    let size: (width: Int, height: Int)
    let home: EightCutHome
    let skipsFinishedFrames = true
    private var script: RunningScript?

    init(
        arguments: [String],
        prompts: String?,
        size: (width: Int, height: Int),
        home: EightCutHome
    ) {
        self.arguments = arguments
        self.prompts = prompts
        self.size = size
        self.home = home
    }

    mutating func add(_ frame: VideoFrame) async throws -> SessionStep {
        var script = try self.script ?? start(from: frame.index)
        // Whatever happens, it must be known to `end`.
        self.script = script
        defer { self.script = script }
        try await script.wait(for: frame.index)
        let path = script.masks.appending(MaskName.of(frame: frame.index))
        return SessionStep([PendingMask(frame: frame) { [size] in try Self.read(path, size) }])
    }

    func end() async { await script?.end() }

    private func start(from frame: Int) throws -> RunningScript {
        let folder = try ReferenceFolder(in: home)
        let masks = folder.path.appending("masks")
        var arguments = arguments
        if let prompts {
            let file = folder.path.appending("prompts.json")
            try AtomicFile.write(prompts, to: file)
            arguments += ["--prompts", file.string]
        }
        return RunningScript(
            arguments + ["--output", masks.string, "--skip", "\(frame)"],
            masks: masks,
            folder: folder
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

/// The script at work on a video, beside the decoding here.
private struct RunningScript {
    /// The folder that it writes masks to.
    let masks: FilePath
    private let folder: ReferenceFolder
    private let task: Task<LoggedChild.End, any Error>
    private var counts: AsyncStream<Int>.Iterator
    /// Frames that have their mask, with those that were skipped.
    private var count = 0

    init(_ arguments: [String], masks: FilePath, folder: ReferenceFolder) {
        self.masks = masks
        self.folder = folder
        let run = ReferenceRun(in: folder)
        let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
        counts = stream.makeAsyncIterator()
        task = Task {
            defer { continuation.finish() }
            return try await run.run(arguments) { report in
                if case .frame(let count) = report { continuation.yield(count) }
            }
        }
    }

    /// Waits until the mask of a frame is written.
    ///
    /// - Throws: `EightCutError` when the script ends before; `CancellationError`.
    mutating func wait(for frame: Int) async throws {
        while count <= frame {
            guard let next = await counts.next() else {
                try Task.checkCancellation()
                throw error(of: try await task.value, at: frame)
            }
            count = next
        }
    }

    /// Ends it, and deletes its folder.
    func end() async {
        task.cancel()
        _ = await task.result
        folder.remove()
    }

    private func error(of end: LoggedChild.End, at frame: Int) -> EightCutError {
        let last = end.lines.suffix(3).joined(separator: " | ")
        let why =
            switch end.status {
            case 0: "it ended after \(count) frames, since OpenCV decodes fewer than ffmpeg"
            case 129...: "signal \(end.status - 128) ended it (\(last))"
            default: last.isEmpty ? "it failed with status \(end.status)" : last
            }
        return EightCutError(
            .toolFailed,
            "cannot make the mask of frame \(frame) with the reference script",
            because: why
        )
    }
}
