import Diagnostics
import Files
import FoundationEssentials
import Media
import SystemPackage

/// `masks.json`: what was made, from what, how, and whether it is all there. The format is
/// described in docs/manifest.md.
package struct MaskManifest: Sendable, Equatable, Codable {
    /// Version of the format that this program writes.
    package static let currentSchema = 1
    /// The file's name inside the folder of masks.
    package static let fileName = "masks.json"

    /// Version of the format.
    package let schema: Int
    /// The program that wrote it.
    package let program: Program
    /// How the masks were made.
    package let method: Method
    /// Folders beside the masks with one more picture for each frame; nil for none.
    package let sideFolders: [String]?
    /// The video they were made for.
    package var input: Input
    /// Whether there is a mask for every frame.
    package var complete: Bool
    /// How many masks there are.
    package var frameCount: Int
    /// What is wrong with the video, nil where nothing is.
    package var inputProblem: String?
    /// A line for every frame.
    package var frames: [FrameRecord]

    package enum CodingKeys: String, CodingKey {
        case schema, program, method, sideFolders, input, complete, frameCount, inputProblem, frames
    }

    /// A program.
    package struct Program: Sendable, Equatable, Codable {
        /// "8cut".
        package let name: String
        /// Its version.
        package let version: String
    }

    /// A method and its settings.
    package struct Method: Sendable, Equatable, Codable {
        /// Its name.
        package let name: String
        /// All that decides what the masks look like.
        package let settings: [String: SettingValue]

        /// Puts it together.
        package init(name: String, settings: [String: SettingValue]) {
            self.name = name
            self.settings = settings
        }
    }

    /// The video.
    package struct Input: Sendable, Equatable, Codable {
        /// File name without folders.
        package let name: String
        /// How to recognise its content.
        package let file: FileFingerprint
        /// Columns of the picture, upright.
        package let width: Int
        /// Rows of the picture, upright.
        package let height: Int
        /// Average frames per second as a fraction, "30000/1001".
        package let frameRate: String?
        /// Frames that ffmpeg decodes; nil until that is known.
        package var frameCount: Int?

        /// Describes a video before it is decoded.
        package init(path: FilePath, stream: VideoStream) throws {
            name = path.lastComponent?.string ?? path.string
            file = try FileFingerprint(of: path)
            width = stream.width
            height = stream.height
            frameRate = stream.frameRate?.description
        }
    }

    /// The manifest of a run that begins.
    package init(method: Method, sideFolders: [String] = [], input: Input) {
        schema = Self.currentSchema
        program = Program(name: "8cut", version: programVersion)
        self.method = method
        self.sideFolders = sideFolders.isEmpty ? nil : sideFolders
        self.input = input
        complete = false
        frameCount = 0
        frames = []
    }

    /// Reads a manifest.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, is none of ours, or is of a
    ///   version that is not known.
    package init(readingFrom path: FilePath) throws {
        let refusal = { (why: String) in
            EightCutError(
                .outputUnusable,
                "cannot use the folder of",
                on: path.string,
                because: why,
                remedy: "Nothing was changed. Choose another folder with --output, "
                    + "or move this one away."
            )
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path.string))
        } catch {
            throw refusal("it cannot be read")
        }
        struct Head: Decodable {
            let schema: Int
            let program: Program
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data),
            head.program.name == "8cut"
        else {
            throw refusal("it was not written by 8cut")
        }
        guard head.schema == Self.currentSchema else {
            throw refusal(
                "it is of version \(head.schema), written by 8cut \(head.program.version); "
                    + "this is 8cut \(programVersion), which knows version \(Self.currentSchema)"
            )
        }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw refusal("it is damaged: \(error)")
        }
        if let flaw { throw refusal("it is damaged: \(flaw)") }
    }

    /// The same for the same video, method and settings only, in one line.
    package var identity: String {
        let settings = method.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([method.name, input.file.headAndTailSHA256, "\(input.file.bytes)"] + settings)
            .joined(separator: " ")
    }

    /// In what the run that wrote this manifest and the run that wants to write differ, in words;
    /// empty when both give the same masks.
    package func differences(from wanted: MaskManifest) -> [String] {
        var differences: [String] = []
        if method.name != wanted.method.name {
            differences.append("method: \(method.name) there, \(wanted.method.name) asked for")
        } else {
            let keys = Set(method.settings.keys).union(wanted.method.settings.keys)
            for key in keys.sorted() where method.settings[key] != wanted.method.settings[key] {
                let there = method.settings[key]?.description ?? "none"
                let asked = wanted.method.settings[key]?.description ?? "none"
                differences.append("\(key): \(there) there, \(asked) asked for")
            }
        }
        if !input.file.hasSameContent(as: wanted.input.file) {
            let there = "\(quoted(input.name)), \(input.file.bytes) bytes"
            let asked = "\(quoted(wanted.input.name)), \(wanted.input.file.bytes) bytes"
            differences.append("video: \(there) there, \(asked) asked for")
        }
        return differences
    }
}
