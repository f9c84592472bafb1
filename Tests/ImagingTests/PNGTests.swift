import Diagnostics
import Files
import Glibc
import Imaging
import SystemPackage
import TestSupport
import Testing

@Suite struct PNGTests {
    @Test(arguments: [(1, 1), (3, 2), (640, 360), (4096, 3)])
    func aMaskComesBackAsItWas(width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        var image = GrayImage(
            width: width,
            height: height,
            pixels: Array(repeating: 0, count: width * height)
        )
        for index in image.pixels.indices where index % 7 < 3 { image.pixels[index] = 255 }

        try PNG.write(image, to: folder["mask.png"])

        #expect(try PNG.readGray(folder["mask.png"]) == image)
    }

    @Test func ffmpegReadsTheMaskAsEightBitGrey() async throws {
        let folder = try TemporaryFolder()
        try PNG.write(
            GrayImage(width: 5, height: 3, pixels: Array(repeating: 255, count: 15)),
            to: folder["mask.png"]
        )
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=pix_fmt,width,height", "-of", "csv=p=0",
                folder["mask.png"].string,
            ]
        )
        #expect(probe.lines == ["5,3,gray"])
    }

    @Test(arguments: [(1, 1), (3, 2), (640, 360)])
    func aDepthMapComesBackAsItWas(width: Int, height: Int) throws {
        let folder = try TemporaryFolder()
        let pixels = (0..<width * height).map { UInt16(truncatingIfNeeded: $0 &* 40503) }
        let image = Gray16Image(width: width, height: height, pixels: pixels)
        try PNG.write(image, to: folder["depth.png"])
        #expect(try PNG.readGray16(folder["depth.png"]) == image)
        #expect(throws: EightCutError.self) { try PNG.readGray(folder["depth.png"]) }
    }

    @Test func ffmpegReadsTheDepthMapAsSixteenBitGrey() async throws {
        let folder = try TemporaryFolder()
        let image = Gray16Image(width: 3, height: 1, pixels: [0x0102, 0xFFFE, 7])
        try PNG.write(image, to: folder["depth.png"])
        try await Program.ffmpeg(
            ["-i", folder["depth.png"].string, "-f", "rawvideo", "-pix_fmt", "gray16be"]
                + [folder["depth.raw"].string]
        )
        #expect(try MaskSet.bytes(of: folder["depth.raw"]) == [1, 2, 0xFF, 0xFE, 0, 7])
    }

    @Test func everyCutAndEveryChangedByteIsAnError() throws {
        let folder = try TemporaryFolder()
        var image = GrayImage(width: 40, height: 30, pixels: Array(repeating: 0, count: 1200))
        for index in 300..<700 { image.pixels[index] = 255 }
        try PNG.write(image, to: folder["mask.png"])
        let bytes = try MaskSet.bytes(of: folder["mask.png"])

        for end in 0..<bytes.count {
            try bytes.withUnsafeBytes {
                try AtomicFile.write(
                    UnsafeRawBufferPointer(rebasing: $0[..<end]),
                    to: folder["cut.png"]
                )
            }
            #expect(throws: EightCutError.self) { try PNG.readGray(folder["cut.png"]) }
        }
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0x55
            try changed.withUnsafeBytes { try AtomicFile.write($0, to: folder["changed.png"]) }
            if let read = try? PNG.readGray(folder["changed.png"]) {
                #expect(read == image, "byte \(place)")
            }
        }
    }

    @Test func colourIsNoMask() throws {
        let folder = try TemporaryFolder()
        try PNG.write(RGBImage(width: 4, height: 4, color: (1, 2, 3)), to: folder["colour.png"])
        let error = #expect(throws: EightCutError.self) {
            try PNG.readGray(folder["colour.png"])
        }
        #expect(error?.why.contains("8-bit grey") == true)
    }

    /// Sparse files need no space on the disk, and would need any amount of memory.
    @Test(arguments: [15 << 40, 20 << 30, 4 << 20])
    func aFileThatIsTooLargeForItsImageIsNotRead(_ size: Int) throws {
        let folder = try TemporaryFolder()
        let image = GrayImage(width: 32, height: 24, pixels: Array(repeating: 255, count: 768))
        try PNG.write(image, to: folder["mask.png"])
        try AtomicFile.write("no image", to: folder["text.png"])
        for name in ["mask.png", "text.png"] {
            guard truncate(folder[name].string, size) == 0 else { continue }
            let error = #expect(throws: EightCutError.self) { try PNG.readGray(folder[name]) }
            #expect(error?.why.contains("too large") == true)
        }
    }

    @Test func anImageOfTooManyPixelsIsRefusedByItsHeader() throws {
        let folder = try TemporaryFolder()
        let image = GrayImage(width: 32, height: 24, pixels: Array(repeating: 255, count: 768))
        try PNG.write(image, to: folder["mask.png"])
        let bytes = try MaskSet.bytes(of: folder["mask.png"])
        for sides: [UInt8] in [
            [0, 0, 0x40, 0, 0, 0, 0x40, 0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff],
        ] {
            var changed = bytes
            changed.replaceSubrange(16..<24, with: sides)
            try changed.withUnsafeBytes { try AtomicFile.write($0, to: folder["large.png"]) }
            let error = #expect(throws: EightCutError.self) {
                try PNG.readGray(folder["large.png"])
            }
            #expect(error?.why == "the image is too large")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aPipeIsNotWaitedFor() throws {
        let folder = try TemporaryFolder()
        mkfifo(folder["mask.png"].string, 0o600)
        let error = #expect(throws: EightCutError.self) { try PNG.readGray(folder["mask.png"]) }
        #expect(error?.why.contains("named pipe") == true)
    }
}
