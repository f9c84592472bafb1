import Diagnostics
import Files
import Glibc
import MLTools
import Media
import Pixels
import SystemPackage

/// The original design: a Python script that runs Depth Anything V2 with transformers, in the
/// environment that `8cut tools install --reference` makes. It is there to compare with.
public struct ReferenceDepthMethod: MaskMethod {
    private let input: FilePath
    private let model: String
    private let home: EightCutHome
    private let program: FilePath
    private let script: FilePath?

    /// Changes whenever the same settings give other masks than before.
    private static let revision = 1.0

    /// A method for one video.
    ///
    /// - Parameters:
    ///   - input: the video, which the script reads by itself.
    ///   - model: a name on the hub, or a folder with a checkpoint.
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`, which supervises the script.
    ///   - script: the script; nil for the one that is installed with the program.
    public init(
        input: FilePath,
        model: String,
        home: EightCutHome = .current,
        program: FilePath = ToolsStatus.runningProgram,
        script: FilePath? = nil
    ) {
        self.input = input.absolute
        // The script does not run where the user is.
        let folder = FilePath(model).absolute
        self.model = (try? Folder.kind(of: folder)) == .folder ? folder.string : model
        self.home = home
        self.program = program
        self.script = script
    }

    /// "depth".
    public let name = "depth"

    /// The engine, the model and the script's revision.
    public var settings: [String: SettingValue] {
        [
            "engine": .text("reference"), "model": .text(model),
            "revision": .number(Self.revision), "threshold": .text("otsu"),
        ]
    }

    /// Grey is least to decode: the script reads the video by itself.
    public let pixelFormat = PixelFormat.gray8

    /// Makes sure that script and environment are there. The script starts with the first frame
    /// that has no mask yet.
    ///
    /// - Throws: `EightCutError` of code `toolMissing` when one of them is not.
    public func makeSession(for stream: VideoStream) throws -> any MaskSession {
        let command = try ReferenceScript.command(home: home, program: program, script: script)
        return ReferenceDepthSession(
            words: command + ["--input", input.string, "--model", model],
            size: (stream.width, stream.height),
            home: home,
            program: program
        )
    }
}
