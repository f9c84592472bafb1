import Files
import Glibc
import MaskPipeline
import MaskStore
import Methods
import Progress
import SystemPackage
import TestSupport

/// A home with a Python environment whose `python` is the system's, and a script that stands in
/// for the reference: it writes a box that moves, and behaves as a file beside it demands.
struct StandInReference: Sendable {
    static let frames = 12
    let folder = try? TemporaryFolder()
    let clip: FilePath
    let home: FilePath
    let output: FilePath
    private let script: FilePath
    private let kind: ReferenceMethod.Model

    init(_ kind: ReferenceMethod.Model = .depth, hasReference: Bool = true) async throws {
        guard let folder else { throw Errno.noSuchFileOrDirectory }
        self.kind = kind
        clip = try await CornerClip.make(folder["clip.mkv"])
        home = folder["home"]
        output = folder["masks"]
        script = folder["reference.py"]
        try StandInPython.install("exec python3 \"$@\"", in: home, hasReference: hasReference)
        try AtomicFile.write(Self.source, to: script)
        try behave("well")
    }

    /// How the script behaves from now on: "well", or "short", "fail", "die", "hang" or "small"
    /// after four frames.
    func behave(_ how: String) throws {
        try AtomicFile.write(how, to: script.removingLastComponent().appending("behaviour"))
    }

    /// Makes the masks.
    func run() async throws -> RunSummary {
        let method = ReferenceMethod(
            kind,
            input: clip,
            model: "stand-in",
            home: EightCutHome(home),
            program: Program.eightCut,
            script: script
        )
        let run = MaskRun(
            try await ProbedVideo(clip),
            output: output,
            method: method,
            inverts: false,
            replaces: false,
            reporter: SilentReporter()
        )
        return try await run.run()
    }

    /// The frames that the script was asked to leave out, run by run.
    func skips() throws -> [String] {
        let path = script.removingLastComponent().appending("skips")
        return String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// The file of prompts that the script was given last.
    func prompts() throws -> String {
        let path = script.removingLastComponent().appending("prompts-seen")
        return String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
    }

    /// Whether the script still runs, a moment after it should have ended.
    func isStillRunning() async throws -> Bool {
        let path = script.removingLastComponent().appending("heartbeat")
        let before = try MaskSet.bytes(of: path).count
        try await Task.sleep(for: .milliseconds(300))
        return try MaskSet.bytes(of: path).count != before
    }

    /// What is left of the script's own folders.
    func leftovers() throws -> [String] { try Folder.names(in: home.appending("reference")) }

    private static let source = """
        import argparse, os, pathlib, struct, sys, time, zlib
        parser = argparse.ArgumentParser()
        for name in ("input", "output", "model", "skip", "prompts"):
            parser.add_argument("--" + name)
        arguments = parser.parse_args()
        here = pathlib.Path(__file__).parent
        how = (here / "behaviour").read_text()
        with open(here / "skips", "a") as file:
            file.write(arguments.skip + "\\n")
        if arguments.prompts:
            text = pathlib.Path(arguments.prompts).read_text()
            (here / "prompts-seen").write_text(text)
        def chunk(kind, data):
            crc = zlib.crc32(kind + data)
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)
        def png(width, height, frame):
            rows = b""
            for y in range(height):
                inside = 20 <= y < 60
                rows += b"\\0" + bytes(255 if inside and frame <= x < frame + 40 else 0
                                      for x in range(width))
            head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
            return (b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head)
                    + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
        output = pathlib.Path(arguments.output)
        output.mkdir()
        print("Loading weights", file=sys.stderr, flush=True)
        for frame in range(int(arguments.skip), \(frames)):
            if frame == 4:
                if how == "short":
                    sys.exit(0)
                if how == "fail":
                    sys.exit("depth_masks.py: error: out of memory")
                if how == "die":
                    os.kill(os.getpid(), 9)
                while how == "hang":
                    with open(here / "heartbeat", "a") as file:
                        file.write(".")
                    time.sleep(0.02)
            width = 80 if how == "small" and frame == 4 else 160
            (output / f"frame_{frame:04d}.png").write_bytes(png(width, 90, frame))
            print(f"frame {frame + 1}/\(frames)", flush=True)
        """
}
