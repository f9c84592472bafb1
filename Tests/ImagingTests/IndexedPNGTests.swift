import Diagnostics
import Files
import Imaging
import SystemPackage
import TestSupport
import Testing

/// Images of numbers with a colour for each.
@Suite struct IndexedPNGTests {
    private func image(_ width: Int, _ height: Int) -> IndexedImage {
        let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 89 / 7) }
        return IndexedImage(width: width, height: height, pixels: pixels)
    }

    @Test(arguments: [(1, 1), (3, 2), (640, 360), (4097, 3)])
    func numbersComeBackAsTheyWere(width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        let image = image(width, height)
        try PNG.write(image, to: folder["labels.png"])
        #expect(try PNG.readIndexed(folder["labels.png"]) == image)
    }

    @Test func otherProgramsSeeNumbersAndColours() async throws {
        let folder = try TemporaryFolder()
        let numbers = IndexedImage(width: 4, height: 2, pixels: [0, 1, 2, 3, 4, 5, 8, 255])
        try PNG.write(numbers, to: folder["labels.png"])

        let probe = try await Program.run(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=pix_fmt,width,height", "-of", "csv=p=0"]
                + [folder["labels.png"].string]
        )
        #expect(probe.lines == ["4,2,pal8"])
        try await Program.ffmpeg(
            ["-i", folder["labels.png"].string, "-f", "rawvideo", "-pix_fmt", "rgb24"]
                + [folder["labels.raw"].string]
        )
        // The colours of the PASCAL VOC data set.
        let colours: [[UInt8]] = [
            [0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0], [0, 0, 128], [128, 0, 128],
            [64, 0, 0], [224, 224, 192],
        ]
        #expect(try MaskSet.bytes(of: folder["labels.raw"]) == colours.flatMap(\.self))

        // The numbers themselves, with nothing but inflating.
        let script = """
            import struct, sys, zlib
            data, place, pixels = open(sys.argv[1], 'rb').read(), 8, b''
            while place < len(data):
                length, kind = struct.unpack('>I4s', data[place:place + 8])
                body = data[place + 8:place + 8 + length]
                if kind == b'IHDR': width, height, depth, colour = struct.unpack('>IIBB', body[:10])
                if kind == b'IDAT': pixels += body
                place += length + 12
            rows = zlib.decompress(pixels)
            print(depth, colour, *(rows[y * 5] for y in range(height)))
            print(*(n for y in range(height) for n in rows[y * 5 + 1:y * 5 + 5]))
            """
        let plain = try await Program.run("python3", ["-c", script, folder["labels.png"].string])
        #expect(plain.lines == ["8 3 0 0", "0 1 2 3 4 5 8 255"], "\(plain.errors)")
    }

    @Test func everyNumberHasAColourOfItsOwn() {
        let colours = (0...255).map { number -> [UInt8] in
            let colour = IndexedImage.colour(of: number)
            return [colour.red, colour.green, colour.blue]
        }
        #expect(Set(colours).count == 256)
    }

    @Test func anImageOfAnyKindIsRead() throws {
        let folder = try TemporaryFolder()
        let gray = GrayImage(width: 2, height: 1, pixels: [0, 255])
        let gray16 = Gray16Image(width: 1, height: 2, pixels: [1, 700])
        let indexed = IndexedImage(width: 2, height: 1, pixels: [0, 255])
        try PNG.write(gray, to: folder["gray"])
        try PNG.write(gray16, to: folder["gray16"])
        try PNG.write(indexed, to: folder["indexed"])
        try PNG.write(RGBImage(width: 2, height: 2, color: (1, 2, 3)), to: folder["colour"])
        try AtomicFile.write("no image", to: folder["text"])

        #expect(try PNG.readImage(folder["gray"]) == .gray(gray))
        #expect(try PNG.readImage(folder["gray16"]) == .gray16(gray16))
        #expect(try PNG.readImage(folder["indexed"]) == .indexed(indexed))
        for name in ["colour", "text", "missing"] {
            #expect(throws: EightCutError.self, "\(name)") { try PNG.readImage(folder[name]) }
        }
        // None passes for another.
        #expect(throws: EightCutError.self) { try PNG.readGray(folder["indexed"]) }
        #expect(throws: EightCutError.self) { try PNG.readIndexed(folder["gray"]) }
        #expect(throws: EightCutError.self) { try PNG.readGray16(folder["indexed"]) }
    }

    @Test func everyCutAndEveryChangedByteIsAnError() throws {
        let folder = try TemporaryFolder()
        let image = image(40, 30)
        try PNG.write(image, to: folder["labels.png"])
        let bytes = try MaskSet.bytes(of: folder["labels.png"])
        for place in stride(from: 0, to: bytes.count, by: 3) {
            var changed = bytes
            changed[place] ^= 0x55
            for content in [Array(bytes[..<place]), changed] {
                try content.withUnsafeBytes { try AtomicFile.write($0, to: folder["bad.png"]) }
                if let read = try? PNG.readIndexed(folder["bad.png"]) {
                    #expect(read == image, "byte \(place)")
                }
            }
        }
    }
}
