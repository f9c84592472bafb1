import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

extension MaskManifest {
    /// Writes the manifest, the lines of its frames taken from the journal as they are, so that
    /// a video of any length needs no more memory.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - journal: where the frames' lines are; nil for none.
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(to path: FilePath, framesFrom journal: FrameJournal?) throws {
        var head = self
        head.frames = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(HeadOnly(manifest: head)), as: UTF8.self)
        guard text.hasSuffix("\n}") else {
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

    /// The manifest without `frames`, which `write` adds by itself.
    private struct HeadOnly: Encodable {
        let manifest: MaskManifest

        func encode(to encoder: any Encoder) throws {
            var keyed = encoder.container(keyedBy: CodingKeys.self)
            try keyed.encode(manifest.schema, forKey: .schema)
            try keyed.encode(manifest.program, forKey: .program)
            try keyed.encode(manifest.method, forKey: .method)
            try keyed.encodeIfPresent(manifest.sideFolders, forKey: .sideFolders)
            try keyed.encode(manifest.input, forKey: .input)
            try keyed.encode(manifest.complete, forKey: .complete)
            try keyed.encode(manifest.frameCount, forKey: .frameCount)
            try keyed.encodeIfPresent(manifest.inputProblem, forKey: .inputProblem)
        }
    }
}
