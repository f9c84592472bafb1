import Diagnostics
import Files
import Glibc
import Imaging
import MLTools
import MaskPipeline
import MaskStore
import Media
import SystemPackage

/// The original design: a Python script that runs a model with transformers, in the environment
/// that `8cut tools install --reference` makes. It is there to compare with.
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

    /// A method for one video.
    ///
    /// - Parameters:
    ///   - kind: the model.
    ///   - input: the video, which the script reads by itself.
    ///   - model: a name on the hub, or a folder with a checkpoint.
    ///   - home: the folder that holds the environment.
    ///   - program: `8cut`, which supervises the script.
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

    /// "depth" or "sam".
    package var name: String {
        switch kind {
        case .depth: "depth"
        case .sam: "sam"
        }
    }

    /// The engine, the model, what it is asked, and the script's revision.
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
        let command = try ReferenceScript.command(
            kind.script,
            home: home,
            program: program,
            at: script
        )
        return ReferenceSession(
            words: command + ["--input", input.string, "--model", checkpoint],
            prompts: kind.prompts,
            size: (video.stream.width, video.stream.height),
            home: home,
            program: program
        )
    }
}

extension ReferenceMethod.Model {
    fileprivate var script: ReferenceScript {
        switch self {
        case .depth: .depth
        case .sam: .sam
        }
    }

    fileprivate var prompts: String? {
        switch self {
        case .depth: nil
        case .sam(let prompts): prompts
        }
    }
}
