import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

extension MaskManifest {
    private enum CodingKeys: String, CodingKey {
        case schema, program, method, auxiliary, input, complete, frameCount, confidence, score
        case foundPrompts, detections, inputProblem, frames
    }

    /// Reads a manifest of this or an older schema that a person named; links are followed.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, was not written by 8cut, is of a
    ///   version that is not known, or contradicts itself.
    package init(readingFrom path: FilePath) throws {
        let bytes: [UInt8]
        do {
            if let status = FileStatus(following: path) { try Self.checkSize(status, path) }
            bytes = try SmallFile.read(path, limit: MaskLimits.manifestBytes)
        } catch let error as Errno {
            throw Self.unusable(path, "it cannot be read (\(error))")
        } catch let error as EightCutError {
            throw Self.unusable(path, error.why)
        }
        try self.init(parsing: bytes, from: path)
    }

    /// Reads the manifest in a folder of masks that a person named, to use the masks.
    ///
    /// - Returns: nil when there is none, or another program's.
    /// - Throws: `EightCutError` when there is one of 8cut that cannot be read: nobody knows then
    ///   what black and white are in the masks.
    package init?(foundIn folder: FilePath) throws {
        let path = folder.appending(Self.fileName)
        guard FileStatus(following: path) != nil else { return nil }
        do {
            try self.init(readingFrom: path)
        } catch let error as EightCutError {
            if Self.isOfAnotherProgram(path) { return nil }
            throw EightCutError(
                .inputUnusable,
                "cannot use the masks of",
                on: path.string,
                because: error.why,
                remedy: "Make the masks again, or move the file away: then white is the object."
            )
        }
    }

    /// Whether a file is JSON, and not written by 8cut.
    private static func isOfAnotherProgram(_ path: FilePath) -> Bool {
        struct Head: Decodable {
            struct Program: Decodable { let name: String? }
            let program: Program?
        }
        guard let bytes = try? SmallFile.read(path, limit: MaskLimits.manifestBytes) else {
            return false
        }
        do {
            return try JSONDecoder().decode(Head.self, from: Data(bytes)).program?.name != "8cut"
        } catch DecodingError.dataCorrupted {
            return false
        } catch {
            return true
        }
    }

    /// Reads the manifest in a folder of masks.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `EightCutError`, also when it is no plain file.
    package init?(in folder: OpenFolder) throws {
        let path = folder.path.appending(MaskFolder.manifestName)
        let bytes: [UInt8]?
        do {
            // A file that is too large is not read up to the limit first.
            try folder.status(of: MaskFolder.manifestName).map { try Self.checkSize($0, path) }
            bytes = try folder.read(MaskFolder.manifestName, limit: MaskLimits.manifestBytes)
        } catch let error as EightCutError {
            throw Self.unusable(path, error.why)
        }
        guard let bytes else { return nil }
        try self.init(parsing: bytes, from: path)
    }

    private static func checkSize(_ status: FileStatus, _ path: FilePath) throws {
        guard status.bytes > MaskLimits.manifestBytes else { return }
        throw unusable(path, "it has more than \(MaskLimits.manifestBytes) bytes")
    }

    private static func unusable(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot use the folder of",
            on: path.string,
            because: why,
            remedy: "Nothing was changed. Choose another folder, or move this one away."
        )
    }

    private init(parsing bytes: [UInt8], from path: FilePath) throws {
        struct Head: Decodable {
            let schema: Int
            let program: Program
        }
        let data = Data(bytes)
        guard let head = try? JSONDecoder().decode(Head.self, from: data),
            head.program.name == "8cut"
        else {
            throw Self.unusable(path, "it was not written by 8cut")
        }
        guard (1...Self.currentSchema).contains(head.schema) else {
            throw Self.unusable(
                path,
                "it is of version \(head.schema), written by 8cut "
                    + "\(shown(head.program.version)); this is 8cut \(programVersion), which "
                    + "knows version \(Self.currentSchema)"
            )
        }
        do {
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw Self.unusable(path, "it is damaged: \(shown(Self.reason(error)))")
        }
        if let contradiction {
            throw Self.unusable(path, "it is damaged: \(shown(contradiction))")
        }
    }

    /// What a decoder found wrong, without the decoder's own words around it.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context): context.debugDescription
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
        default: "\(error)"
        }
    }

    /// What in a manifest contradicts itself, nil when nothing does, so that its numbers and names
    /// can be used without further checks.
    private var contradiction: String? {
        let counts = 0...MaskLimits.frames
        guard counts.contains(frameCount) else { return "frameCount \(frameCount)" }
        if let confidence, !(0...1).contains(confidence) { return "confidence \(confidence)" }
        if let score, !(0...1).contains(score) { return "score \(score)" }
        guard input.frameCount.map(counts.contains) ?? true else { return "input.frameCount" }
        let sides = 1...MaskLimits.side
        guard sides.contains(input.width), sides.contains(input.height) else {
            return "size \(input.width)x\(input.height)"
        }
        if let stream = input.videoStream, stream < 0 { return "input.videoStream \(stream)" }
        guard input.file.bytes >= 0 else { return "input.file.bytes \(input.file.bytes)" }
        guard method.settings.count <= MaskLimits.settings,
            [inputProblem, foundPrompts].allSatisfy({
                ($0 ?? "").utf8.count <= MaskLimits.textBytes
            })
        else { return "method.settings, foundPrompts or inputProblem is too long" }
        guard auxiliary.count <= MaskLimits.auxiliaryFolders,
            Set(auxiliary.map(\.folder)).count == auxiliary.count
        else { return "auxiliary" }
        if let other = auxiliary.first(where: { $0.name == nil }) {
            return "auxiliary folder \(quoted(other.folder))"
        }
        guard !complete || frames.count == frameCount else {
            return "it has \(frameCount) frames and records of \(frames.count)"
        }
        for (index, record) in frames.enumerated() where record.frame != index {
            return "record \(index) is of frame \(record.frame)"
        }
        return nil
    }

    /// Writes the manifest in the current schema. The records are copied from the journal as they
    /// are, so that memory does not depend on the length of the video.
    ///
    /// - Parameters:
    ///   - folder: the folder of the masks.
    ///   - journal: the frames' records; nil for none.
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(to folder: OpenFolder, framesFrom journal: FrameJournal?) throws {
        let text = try JSONText.pretty(Head(manifest: self))
        guard text.hasSuffix(exactly: "\n}") else {
            throw EightCutError.internalFault("cannot write", because: "JSON of another form")
        }
        try folder.write(to: MaskFolder.manifestName, isDurable: true) { descriptor in
            try descriptor.writeAll((String(text.dropLast(2)) + ",\n  \"frames\" : [").utf8)
            var isFirst = true
            try journal?.forEachLine { record in
                try descriptor.writeAll((isFirst ? "\n    " : ",\n    ").utf8)
                try descriptor.writeAll(record)
                isFirst = false
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
            try fields.encodeIfPresent(manifest.confidence, forKey: .confidence)
            try fields.encodeIfPresent(manifest.score, forKey: .score)
            try fields.encodeIfPresent(manifest.foundPrompts, forKey: .foundPrompts)
            try fields.encodeIfPresent(manifest.detections, forKey: .detections)
            try fields.encodeIfPresent(manifest.inputProblem, forKey: .inputProblem)
        }
    }
}

/// Text of a manifest for a message: others may have made it, as long as they liked.
func shown(_ text: String) -> String {
    let limit = 200
    let start = visible(String(text.unicodeScalars.prefix(limit)))
    return text.unicodeScalars.count > limit ? start + "…" : start
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
        confidence = try fields.decodeIfPresent(Double.self, forKey: .confidence)
        score = try fields.decodeIfPresent(Double.self, forKey: .score)
        foundPrompts = try fields.decodeIfPresent(String.self, forKey: .foundPrompts)
        detections = try fields.decodeIfPresent(JSONValue.self, forKey: .detections)
        inputProblem = try fields.decodeIfPresent(String.self, forKey: .inputProblem)
        frames = try fields.decode([FrameRecord].self, forKey: .frames)
    }
}
