import Files
import Glibc
import Imaging
import MLTools
import MaskPipeline
import MaskStore
import Methods
import OnnxEngine
import Progress
import Prompts
import SystemPackage
import TestSupport

/// A home whose Python hands out what the native engine has made of a clip, as if the reference
/// had made it: two objects, one of them pointed at on frame 2.
struct AnsweringSamReference {
    static let options = ["--point", "50,30", "--box", "90,40,150,85@2#2"]

    let folder: TemporaryFolder
    let clip: FilePath
    private let home: FilePath
    private let answers: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        home = folder["home"]
        clip = try await CornerClip.make(folder["clip.mkv"], ["-c:v", "ffv1", "-pix_fmt", "gbrp"])
        answers = folder["answers"]
        try await answer()
        try StandInPython.install(
            """
            while [ $# -gt 0 ]; do
                [ "$1" = --output ] && out=$2
                [ "$1" = --prompts ] && cp "$2" '\(folder["prompts.json"])'
                shift
            done
            cp -r '\(answers)' "$out" || exit 1
            for frame in 1 2 3 4 5; do echo "frame $frame/5"; done
            echo '{"peak_rss_bytes": 104857600}'
            """,
            in: home
        )
    }

    /// Runs `8cut verify` on the clip.
    func verify(
        model: FilePath = WorkerTalk.model,
        _ options: [String] = Self.options
    ) async throws -> ProgramResult {
        let library = try RuntimeLocation.find(in: TestTools.home.environment)
        return try await Program.run8cut(
            ["verify", "-i", clip.string, "--device", "cpu", "--model", model.string] + options,
            environment: [
                "EIGHTCUT_HOME": home.string, "EIGHTCUT_ONNXRUNTIME": library.string,
            ]
        )
    }

    /// Changes what it hands out as logits.
    func changeLogits(
        _ object: Int,
        frame: Int,
        _ change: (inout [Float]) -> Void
    ) throws {
        let path = answers.appending("object_\(object)").appending("frame_000\(frame).f32")
        let bytes = try MaskSet.bytes(of: path)
        var logits = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        change(&logits)
        try Self.write(logits, to: path)
    }

    /// Changes what it hands out as the mask of one object.
    func changeMask(_ object: Int, frame: Int, _ change: (inout GrayImage) -> Void) throws {
        let path = answers.appending("object_\(object)").appending("frame_000\(frame).png")
        var mask = try PNG.readGray(path)
        change(&mask)
        try PNG.write(mask, to: path)
    }

    /// Makes masks and logits of the first five frames.
    private func answer() async throws {
        var list = PromptList()
        try list.append(point: Self.options[1])
        try list.append(box: Self.options[3])
        let short = folder["short.mkv"]
        try await Program.ffmpeg([
            "-i", clip.string, "-frames:v", "5", "-c:v", "ffv1", "-pix_fmt", "gbrp", short.string,
        ])
        // Logits first, beside the masks: a folder of masks is empty at the start of a run.
        let logits = folder["logits"]
        for object in 1...2 { try Folder.create(logits.appending("object_\(object)")) }
        let method = SamMethod(
            SamSettings(
                prompts: try list.resolve(width: 160, height: 90),
                objects: .separate,
                fillHoles: 0
            ),
            model: try CheckpointModel(
                name: "tiny",
                folder: WorkerTalk.model,
                precision: .float32,
                library: try TestTools.library(),
                session: SessionSettings(threads: 1)
            )
        ) { frame, object, mask in
            let folder = logits.appending("object_\(object)")
            try Self.write(mask.logits, to: folder.appending("frame_000\(frame).f32"))
        }
        _ = try await MaskRun(
            try await ProbedVideo(short),
            output: answers,
            method: method,
            inverts: false,
            replaces: false,
            reporter: SilentReporter()
        ).run()
        for object in ["object_1", "object_2"] {
            for name in try Folder.names(in: logits.appending(object)) {
                try AtomicFile.rename(
                    logits.appending(object).appending(name),
                    to: answers.appending(object).appending(name)
                )
            }
        }
    }

    private static func write(_ floats: [Float], to path: FilePath) throws {
        try floats.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }
}
