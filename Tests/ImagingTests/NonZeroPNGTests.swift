import Diagnostics
import Imaging
import TestSupport
import Testing

/// Masks of other programs, in whatever kind of PNG file.
@Suite struct NonZeroPNGTests {
    /// A grey image of two levels, of 13x3 pixels: rows do not end with a byte of bits.
    private static func source(level: UInt8) -> GrayImage {
        let pixels = (0..<39).map { $0 % 5 < 2 ? level : 0 as UInt8 }
        return GrayImage(width: 13, height: 3, pixels: pixels)
    }

    @Test(arguments: ["monob", "gray", "gray16be", "ya8", "rgb24", "rgba", "rgb48be"])
    func everyKindIsRead(format: String) async throws {
        let folder = try TemporaryFolder()
        let image = Self.source(level: 255)
        try PNG.write(image, to: folder["gray.png"])
        try await Program.ffmpeg([
            "-i", folder["gray.png"].string, "-pix_fmt", format, folder["mask.png"].string,
        ])
        let probe = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=pix_fmt", "-of", "csv=p=0",
                folder["mask.png"].string,
            ]
        )
        #expect(probe.lines == [format])
        #expect(try PNG.readNonZero(folder["mask.png"]) == image)
    }

    @Test func anyLevelButZeroCounts() throws {
        let folder = try TemporaryFolder()
        try PNG.write(Self.source(level: 1), to: folder["mask.png"])
        #expect(try PNG.readNonZero(folder["mask.png"]) == Self.source(level: 255))
        let pixels = Self.source(level: 1).pixels.map { UInt16($0) }
        try PNG.write(Gray16Image(width: 13, height: 3, pixels: pixels), to: folder["16.png"])
        #expect(try PNG.readNonZero(folder["16.png"]) == Self.source(level: 255))
    }

    @Test func objectsOfAPaletteCount() throws {
        let folder = try TemporaryFolder()
        let pixels = Self.source(level: 1).pixels.enumerated().map { $1 * UInt8(1 + $0 % 3) }
        try PNG.write(
            IndexedImage(width: 13, height: 3, pixels: pixels),
            to: folder["labels.png"]
        )
        #expect(try PNG.readNonZero(folder["labels.png"]) == Self.source(level: 255))
    }

    @Test func whatIsNoImageIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(throws: EightCutError.self) { try PNG.readNonZero(folder["missing.png"]) }
        #expect(throws: EightCutError.self) { try PNG.readNonZero(folder.path) }
    }
}
