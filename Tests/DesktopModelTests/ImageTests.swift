import DesktopModel
import Imaging
import Localization
import Media
import SystemPackage
import TestSupport
import Testing

/// Thumbnails, waveforms and painted masks.
@Suite struct ImageTests {
    private func pixel(_ image: ScreenImage, _ x: Int, _ y: Int) -> [UInt8] {
        let place = y * image.rowBytes + x * 4
        return Array(image.bytes[place..<place + 4])
    }

    @Test func aMaskIsPaintedWithItsOutline() {
        var mask = GrayImage(width: 9, height: 9, pixels: [UInt8](repeating: 0, count: 81))
        for y in 2...6 { for x in 2...6 { mask.pixels[y * 9 + x] = 255 } }
        let painter = MaskPainter(
            colour: (200, 100, 50),
            opacity: 0.5,
            hasOutline: true,
            isInverted: false
        )
        let image = painter.paint(mask)
        #expect(pixel(image, 0, 0) == [0, 0, 0, 0])
        #expect(pixel(image, 4, 4) == [25, 50, 100, 128])
        #expect(pixel(image, 2, 4) == [50, 100, 200, 255])
        #expect(pixel(image, 6, 6) == [50, 100, 200, 255])
        let inverted = MaskPainter(
            colour: (200, 100, 50),
            opacity: 1,
            hasOutline: false,
            isInverted: true
        ).paint(mask)
        #expect(pixel(inverted, 4, 4) == [0, 0, 0, 0])
        #expect(pixel(inverted, 0, 0) == [50, 100, 200, 255])
    }

    @Test func loudnessIsWhereTheSoundIs() async throws {
        let folder = try TemporaryFolder()
        let video = folder["video.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "color=black:size=64x64:rate=10:duration=4", "-f", "lavfi", "-i",
            "aevalsrc='if(between(t,2,3),0.5*sin(2*PI*440*t),0)':s=48000:d=4", "-c:a", "pcm_s16le",
            video.string,
        ])
        let peaks = try #require(
            try await Waveform.read(of: try await VideoProbe.source(of: video))
        )
        #expect(peaks.step == 0.01)
        #expect(abs(peaks.values.count - 400) <= 2)
        #expect(peaks.values[20..<190].allSatisfy { $0 < 4 })
        #expect(peaks.values[210..<290].allSatisfy { (120...134).contains($0) })
        #expect(peaks.values[310..<390].allSatisfy { $0 < 4 })
    }

    @Test(arguments: ["mkv", "ts", "mpg"])
    func loudnessIsWhereTheSoundIsAlsoIfTheAudioBeginsLate(_ container: String) async throws {
        let folder = try TemporaryFolder()
        let video = folder["video." + container]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=4", "-itsoffset", "2", "-f",
            "lavfi", "-i", "sine=440:sample_rate=48000:duration=2,volume=4", "-c:v", "mpeg2video",
            "-c:a", "mp2", video.string,
        ])
        let peaks = try #require(
            try await Waveform.read(of: try await VideoProbe.source(of: video))
        )
        // The coder's run-up may be heard before.
        #expect(peaks.values[10..<190].allSatisfy { $0 < 4 })
        #expect(peaks.values[210..<390].allSatisfy { $0 > 20 })
    }

    @Test func wordsAreFilledIn() {
        #expect(Localization.fill("%1 of %2", ["3", "4"]) == "3 of 4")
        #expect(Localization.fill("%2, %1", ["a", "%1"]) == "%1, a")
        #expect(Localization.fill("100% of %1 %", ["x"]) == "100% of x %")
        #expect(localized("No translation: %1", "x") == "No translation: x")
        #expect(pluralized("1 thing", "%1 things", 5) == "5 things")
        #expect(pluralized("1 thing", "%1 things", 1) == "1 thing")
    }
}
