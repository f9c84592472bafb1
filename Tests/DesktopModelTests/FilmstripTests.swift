import DesktopModel
import Imaging
import Media
import SystemPackage
import TestSupport
import Testing

/// The thumbnails of the timeline, of videos that tell the second of a frame by its grey.
@MainActor
@Suite struct FilmstripTests {
    /// Grey of the frames of a second: 10 steps, so that neighbours differ.
    private static let step = 20

    /// Makes a video of one grey a second at 10 frames a second.
    private func video(
        _ folder: TemporaryFolder,
        seconds: Int,
        size: String = "64x36",
        keyframes: Int,
        _ options: [String] = []
    ) async throws -> MediaSource {
        let video = folder["video.mp4"]
        try await Program.ffmpeg(
            [
                "-f", "lavfi", "-i",
                "color=black:size=\(size):rate=10:duration=\(seconds),format=gray,"
                    + "geq=lum='20+\(Self.step)*mod(floor(N/10),10)'",
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g",
                "\(keyframes)", "-keyint_min", "\(keyframes)", "-sc_threshold", "0",
            ] + options + [video.string]
        )
        return try await VideoProbe.source(of: video)
    }

    /// The second of the frame that an image shows, from 0 to 9.
    private func second(_ image: ScreenImage) -> Int {
        let place = image.height / 2 * image.rowBytes + image.width / 2 * 4
        return Int(((Double(image.bytes[place]) - 20) / Double(Self.step)).rounded())
    }

    /// The cells as soon as all are loaded.
    private func cells(
        _ strip: Filmstrip,
        _ range: ClosedRange<Double>,
        of length: Double,
        width: Double
    ) async throws -> [Filmstrip.Cell] {
        try await eventually("the thumbnails") {
            strip.cells(of: range, length: length, width: width).allSatisfy(\.isLoaded)
        }
        return strip.cells(of: range, length: length, width: width)
    }

    /// Checks that the cells cover the range without a gap, each with a frame of its time.
    private func check(
        _ cells: [Filmstrip.Cell],
        _ range: ClosedRange<Double>,
        of length: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(cells.first.map { $0.range.lowerBound <= range.lowerBound } ?? false)
        #expect(cells.last.map { $0.range.upperBound >= range.upperBound } ?? false)
        for (cell, next) in zip(cells, cells.dropFirst()) {
            #expect(cell.range.upperBound == next.range.lowerBound, sourceLocation: sourceLocation)
        }
        for cell in cells {
            guard let image = cell.image else {
                Issue.record("\(cell.range) is empty", sourceLocation: sourceLocation)
                continue
            }
            let last = min(cell.range.upperBound, length) - 0.001
            let seconds = Set(
                Int(cell.range.lowerBound)...max(Int(cell.range.lowerBound), Int(last))
            )
            #expect(
                seconds.contains { $0 % 10 == second(image) },
                "\(cell.range) shows \(second(image))",
                sourceLocation: sourceLocation
            )
        }
    }

    private nonisolated static let videos: [(seconds: Int, keyframes: Int, width: Double)] = [
        // All in view, half of it, and so close that a cell is a part of a second.
        (30, 1, 1200), (30, 100, 1200), (30, 1000, 1200), (30, 100, 300), (100, 100, 700),
        (100, 10, 700), (100, 10_000, 700),
    ]

    @Test(arguments: videos)
    func everyCellShowsTheFrameOfItsTime(
        _ video: (seconds: Int, keyframes: Int, width: Double)
    ) async throws {
        let folder = try TemporaryFolder()
        let source = try await self.video(
            folder,
            seconds: video.seconds,
            keyframes: video.keyframes
        )
        let strip = Filmstrip()
        strip.show(source)
        let length = Double(video.seconds)
        for range in [0...length, length / 3...length / 2, length - 2.5...length] {
            let cells = try await cells(strip, range, of: length, width: video.width)
            check(cells, range, of: length)
            // As wide as a thumbnail, or a little narrower.
            let pixels =
                (cells[0].range.upperBound - cells[0].range.lowerBound) * video.width
                / (range.upperBound - range.lowerBound)
            #expect((77...78).contains(pixels.rounded()))
            #expect(cells.allSatisfy { $0.image?.width == 78 && $0.image?.height == 44 })
        }
    }

    @Test func aCellHasTheShapeOfTheVideo() async throws {
        let folder = try TemporaryFolder()
        let portrait = try await video(folder, seconds: 2, size: "36x64", keyframes: 10)
        #expect(Thumbnails(of: portrait, height: 44).width == 25)
        let wide = try await video(
            folder,
            seconds: 2,
            size: "64x64",
            keyframes: 10,
            ["-vf", "setsar=16/9", "-y"]
        )
        #expect(Thumbnails(of: wide, height: 44).width == 78)
        let image = try #require(try await Thumbnails(of: wide, height: 44).image(at: 1.5))
        #expect(image.width == 78)
        #expect(second(image) == 1)
    }

    /// The last frame is shown where the file goes on without frames, the first one where it begins
    /// without them.
    @Test func cellsWithoutFramesShowTheNearest() async throws {
        let folder = try TemporaryFolder()
        let video = try await video(folder, seconds: 3, keyframes: 100)
        let long = folder["long.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "anullsrc=d=10", "-itsoffset", "2", "-i", video.path.string,
            "-map", "1:v", "-map", "0:a", "-c:v", "copy", long.string,
        ])
        let strip = Filmstrip()
        strip.show(try await VideoProbe.source(of: long))
        let cells = try await cells(strip, 0...10, of: 10, width: 780)
        #expect(cells.map { $0.image.map(second) } == [0, 0, 0, 1, 2, 2, 2, 2, 2, 2])
    }

    @Test func movingOnLoadsWhatIsSeenThen() async throws {
        let folder = try TemporaryFolder()
        let source = try await video(folder, seconds: 100, keyframes: 50)
        let strip = Filmstrip()
        strip.show(source)
        for start in stride(from: 0.0, to: 90, by: 15) {
            _ = strip.cells(of: start...start + 10, length: 100, width: 780)
            try await Task.sleep(for: .milliseconds(20))
        }
        let cells = try await cells(strip, 42...52, of: 100, width: 780)
        check(cells, 42...52, of: 100)
        strip.show(nil)
        #expect(strip.cells(of: 0...10, length: 100, width: 780).isEmpty)
    }
}
