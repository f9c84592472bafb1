import Diagnostics
import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders of masks that somebody else may have made.
@Suite struct MaskFolderTests {
    /// A manifest that is read is written and read again as the same.
    @Test func manifests() throws {
        try HostileInputs("manifest", texts: Self.manifests).run { input in
            let path = try input.write(as: MaskManifest.fileName)
            let manifest = try MaskManifest(readingFrom: path)
            #expect(manifest.frameCount >= 0 && manifest.input.width > 0)
            #expect(!manifest.complete || manifest.frames.count == manifest.frameCount)
            for (index, record) in manifest.frames.enumerated() {
                #expect(record.frame == index)
                #expect(record.box.map { $0.count == 4 } ?? true)
            }
            for folder in manifest.auxiliary { #expect(PlainName.allows(folder.folder)) }
            for setting in manifest.method.settings.values { _ = setting.description }
            _ = (manifest.identity, manifest.flagCounts, manifest.differences(from: manifest))
            try checkWriting(manifest, in: OpenFolder(input.folder))
        }
    }

    private func checkWriting(_ manifest: MaskManifest, in folder: OpenFolder) throws {
        var journal = try FrameJournal.create(in: folder)
        for record in manifest.frames { try journal.append(record) }
        try manifest.write(to: folder, framesFrom: journal)
        let again = try #require(try MaskManifest(in: folder))
        #expect(again.frames == manifest.frames && again.method == manifest.method)
        #expect(again.input == manifest.input && again.auxiliary == manifest.auxiliary)
        #expect(again.complete == manifest.complete && again.frameCount == manifest.frameCount)
        #expect(again.confidence == manifest.confidence)
        #expect(again.foundPrompts == manifest.foundPrompts)
        #expect(again.detections == manifest.detections)
    }

    /// What is kept of a journal is its beginning, and is kept again.
    @Test func journals() throws {
        try HostileInputs("journal", texts: [Self.journal]).run { input in
            let path = try input.write(as: FrameJournal.name.string)
            let folder = try OpenFolder(input.folder)
            var journal = try #require(try FrameJournal.existing(in: folder))
            try journal.read { $0.frame < 100 }
            try journal.dropRest()
            let kept = try MaskSet.bytes(of: path)
            let isBeginning = input.bytes.starts(with: kept)
            #expect(isBeginning, "\(String(decoding: kept.suffix(200), as: UTF8.self))")
            #expect(kept.count { $0 == UInt8(ascii: "\n") } == journal.count)
            #expect((journal.last == nil) == (journal.count == 0))
            var again = try #require(try FrameJournal.existing(in: folder))
            try again.read { _ in true }
            #expect(again.count == journal.count && again.flagCounts == journal.flagCounts)
        }
    }

    @Test func names() throws {
        let examples = ["frame_0000.png", "frame_12345.png", "depth", "object_1", "labels"]
        try HostileInputs("mask-names", texts: examples).run { input in
            if let frame = MaskName.frame(of: input.text) {
                #expect(frame >= 0 && MaskName.of(frame: frame) == input.text)
            }
            if PlainName.allows(input.text) {
                #expect(!input.bytes.contains(0x2f) && input.bytes.first != 0x2e)
                #expect(input.bytes == Array(input.text.utf8))
            }
        }
    }

    /// An image that is read is written and read again as the same.
    @Test func images() throws {
        let folder = try TemporaryFolder()
        var inputs = HostileInputs("png", try Self.makeImages(in: folder))
        inputs.mutate = { $0.mutatedImage($1) }
        try inputs.run { input in
            let path = try input.write(as: "frame_0000.png")
            _ = try? PNG.readGray(path)
            _ = try? PNG.readGray16(path)
            _ = try? PNG.readIndexed(path)
            if let mask = try? PNG.readNonZero(path) {
                #expect(mask.pixels.allSatisfy { $0 == 0 || $0 == 255 })
            }
            let image = try PNG.readImage(path)
            let again = input.folder.appending("again.png")
            switch image {
            case .gray(let image): try PNG.write(image, to: again)
            case .gray16(let image): try PNG.write(image, to: again)
            case .indexed(let image): try PNG.write(image, to: again)
            }
            #expect(try PNG.readImage(again) == image)
        }
    }

    private static func makeImages(in folder: TemporaryFolder) throws -> [[UInt8]] {
        let pixels = (0..<48).map { UInt8($0 * 5) }
        try PNG.write(GrayImage(width: 8, height: 6, pixels: pixels), to: folder["gray.png"])
        try PNG.write(
            Gray16Image(width: 8, height: 6, pixels: pixels.map { UInt16($0) * 257 }),
            to: folder["gray16.png"]
        )
        try PNG.write(
            IndexedImage(width: 8, height: 6, pixels: pixels.map { $0 % 4 }),
            to: folder["indexed.png"]
        )
        return try ["gray.png", "gray16.png", "indexed.png"].map {
            try MaskSet.bytes(of: folder[$0])
        }
    }

    private static let records = """
        {"area":0.1,"box":[1,2,3,4],"flags":["jump","uncertain"],"frame":0,"scores":{"a":1},"time":0}
        {"area":0,"flags":["empty"],"frame":1,"time":0.04}
        """.split(separator: "\n")

    private static let journal =
        (records + [#"{"area":1,"box":[0,0,8,6],"flags":["full"],"frame":2,"time":1e-3}"#])
        .joined(separator: "\n") + "\n"

    private static func manifest(schema: Int, _ folders: String) -> String {
        """
        {
          "complete" : true,
          "confidence" : 0.75,
          "detections" : {"objects" : [{"object" : 1, "text" : "dog", "query" : "dog", "frame" : 1,
            "box" : [1, 2.5, 3, 4], "score" : 0.4, "logit" : -0.4, "objectness" : 1.5,
            "sounds" : "unsure"}], "frames" : [{"frame" : 1, "texts" : [{"text" : "dog",
            "scores" : [0.4, 0.1]}]}]},
          "foundPrompts" : "prompts",
          "frameCount" : 2,
          "input" : {
            "file" : {"bytes" : 123, "headAndTailSHA256" : "ab", "modified" : 1.5},
            "frameCount" : 2,
            "frameRate" : "24/1",
            "height" : 180,
            "name" : "clip.mp4",
            "width" : 320
          },
          "inputProblem" : "cut off",
          "method" : {"name" : "saliency", "settings" : {"invert" : false, "revision" : 1,
            "threshold" : "otsu", "smooth" : 0.5}},
          "program" : {"name" : "8cut", "version" : "0.1.0"},
          "schema" : \(schema),
          \(folders),
          "frames" : [
            \(records.joined(separator: ",\n    "))
          ]
        }
        """
    }

    private static let manifests = [
        manifest(schema: 2, #""auxiliary" : [{"folder" : "depth", "kind" : "depth"}]"#),
        manifest(schema: 1, #""sideFolders" : ["depth", "labels", "object_1"]"#)
            .replacing(#""a":1"#, with: #""object_1.presence":1"#),
    ]
}

extension Mutator {
    /// A mutated PNG file, mostly with the right checksums, so that more than those are tested.
    fileprivate mutating func mutatedImage(_ examples: [[UInt8]]) -> [UInt8] {
        if isOne(in: 4) { return mutated(examples) }
        var bytes = one(of: examples) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &self) {
            let place = Int.random(in: 8..<bytes.count, using: &self)
            let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
            let any = UInt8.random(in: 0...255, using: &self)
            bytes[place] = isOne(in: 3) ? one(of: extremes) ?? 0 : any
        }
        Self.correctChecksums(&bytes)
        return bytes
    }

    private static func correctChecksums(_ bytes: inout [UInt8]) {
        var place = 8
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { (sum: Int, byte) in
                sum << 8 | Int(byte)
            }
            let end = place + 8 + length
            guard end + 4 <= bytes.count else { return }
            let sum = checksum(bytes[place + 4..<end])
            for index in 0..<4 {
                bytes[end + index] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - index * 8))
            }
            place = end + 4
        }
    }

    /// CRC-32 as PNG uses it (ISO 3309).
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0xedb8_8320 }
        }
        return ~sum
    }
}
