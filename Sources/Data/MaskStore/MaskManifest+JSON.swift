import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

extension MaskManifest {
    private enum CodingKeys: String, CodingKey {
        case schema, program, method, auxiliary, input, complete, frameCount, inputProblem, frames
    }

    /// Reads a manifest of this or an older schema.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, was not written by 8cut, is of a
    ///   version that is not known, or contradicts itself.
    package init(readingFrom path: FilePath) throws {
        let unusable = { (why: String) in
            EightCutError(
                .outputUnusable,
                "cannot use the folder of",
                on: path.string,
                because: why,
                remedy: "Nothing was changed. Choose another folder, or move this one away."
            )
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path.string))
        } catch {
            throw unusable("it cannot be read")
        }
        struct Head: Decodable {
            let schema: Int
            let program: Program
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: data),
            head.program.name == "8cut"
        else {
            throw unusable("it was not written by 8cut")
        }
        guard (1...Self.currentSchema).contains(head.schema) else {
            throw unusable(
                "it is of version \(head.schema), written by 8cut \(head.program.version); "
                    + "this is 8cut \(programVersion), which knows version \(Self.currentSchema)"
            )
        }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw unusable("it is damaged: \(error)")
        }
        if let contradiction { throw unusable("it is damaged: \(contradiction)") }
    }

    /// What in a manifest contradicts itself, nil when nothing does, so that its numbers can be
    /// used without further checks.
    private var contradiction: String? {
        guard (0..<Self.manyFrames).contains(frameCount) else { return "frameCount \(frameCount)" }
        guard input.width > 0, input.height > 0 else {
            return "size \(input.width)x\(input.height)"
        }
        guard auxiliary.map(\.folder).allSatisfy(PlainName.allows) else { return "auxiliary" }
        guard !complete || frames.count == frameCount else {
            return "it has \(frameCount) frames and records of \(frames.count)"
        }
        for (index, record) in frames.enumerated() {
            guard record.frame == index else {
                return "record \(index) is of frame \(record.frame)"
            }
            guard record.box.map(Self.isBox) ?? true else { return "the box of frame \(index)" }
        }
        return nil
    }

    /// More than any video has: a year at 30 frames per second.
    private static let manyFrames = 1_000_000_000

    private static func isBox(_ box: [Int]) -> Bool {
        box.count == 4 && box.allSatisfy { (0...65_536).contains($0) }
    }

    /// Writes the manifest in the current schema. The records are copied from the journal as they
    /// are, so that memory does not depend on the length of the video.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - journal: the frames' records; nil for none.
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(to path: FilePath, framesFrom journal: FrameJournal?) throws {
        let text = try JSONText.pretty(Head(manifest: self))
        guard text.hasSuffix(exactly: "\n}") else {
            throw EightCutError(
                .internalFault,
                "cannot write",
                on: path.string,
                because: "JSON of another form"
            )
        }
        try AtomicFile.write(to: path, isDurable: true) { descriptor in
            var line = String(text.dropLast(2)) + ",\n  \"frames\" : ["
            try descriptor.writeAll(line.utf8)
            var isFirst = true
            try journal?.forEachLine { record in
                line = (isFirst ? "\n    " : ",\n    ") + record
                isFirst = false
                try descriptor.writeAll(line.utf8)
            }
            try descriptor.writeAll("\n  ]\n}\n".utf8)
        }
    }

    /// The manifest without `frames`, which `write` adds.
    private struct Head: Encodable {
        let manifest: MaskManifest

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(MaskManifest.currentSchema, forKey: .schema)
            try fields.encode(manifest.program, forKey: .program)
            try fields.encode(manifest.method, forKey: .method)
            if !manifest.auxiliary.isEmpty {
                try fields.encode(manifest.auxiliary, forKey: .auxiliary)
            }
            try fields.encode(manifest.input, forKey: .input)
            try fields.encode(manifest.complete, forKey: .complete)
            try fields.encode(manifest.frameCount, forKey: .frameCount)
            try fields.encodeIfPresent(manifest.inputProblem, forKey: .inputProblem)
        }
    }
}

extension MaskManifest: Decodable {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        schema = try fields.decode(Int.self, forKey: .schema)
        program = try fields.decode(Program.self, forKey: .program)
        method = try fields.decode(Method.self, forKey: .method)
        auxiliary =
            schema == 1
            ? try Schema1.auxiliary(decoder)
            : try fields.decodeIfPresent([AuxiliaryFolder].self, forKey: .auxiliary) ?? []
        input = try fields.decode(Input.self, forKey: .input)
        complete = try fields.decode(Bool.self, forKey: .complete)
        frameCount = try fields.decode(Int.self, forKey: .frameCount)
        inputProblem = try fields.decodeIfPresent(String.self, forKey: .inputProblem)
        frames = try fields.decode([FrameRecord].self, forKey: .frames)
    }
}
