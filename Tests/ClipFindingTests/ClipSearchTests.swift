import ClipFinding
import ScanStore
import ShotDetection
import SoundSignals
import TestSupport
import Testing
import VideoScanning

@Suite struct ClipSearchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func settings(_ change: (inout FindSettings) -> Void = { _ in }) -> FindSettings
    {
        var settings = FindSettings()
        settings.bandwidth = 0
        change(&settings)
        return settings
    }

    private func search(
        _ made: MadeVideo,
        _ starts: [Int] = [0],
        _ settings: FindSettings = settings(),
        taken: [ClipSearch.Taken] = []
    ) throws -> (result: ClipSearch.Result, summary: String) {
        let video = try made.scanned(in: folder.path)
        let shots = FoundShots(starts: starts, count: video.measures.frames.count)
        let result = ClipSearch(video, shots, settings, taken: taken).run()
        return (result, FoundSummary(result, in: video, settings).text)
    }

    @Test func clipsFillAShotWithoutOverlapping() throws {
        let (result, summary) = try search(MadeVideo(seconds: 33))
        let starts = result.candidates.map(\.start).sorted()
        #expect(starts.count == 4)
        for (first, next) in zip(starts, starts.dropFirst()) { #expect(next - first >= 8 - 1e-6) }
        #expect(result.candidates.map(\.rank) == [1, 2, 3, 4])
        #expect(summary == "4 found")
    }

    @Test func aClipLiesInOneShot() throws {
        let (result, _) = try search(MadeVideo(seconds: 40), [0, 130, 250])
        #expect(!result.candidates.isEmpty)
        for candidate in result.candidates {
            let shot = candidate.shot
            // Two frames to spare where there is another shot.
            #expect(candidate.startFrame >= (shot.start == 0 ? 0 : shot.start + 2))
            #expect(candidate.startFrame + 80 <= (shot.end == 400 ? 400 : shot.end - 2))
        }
    }

    @Test func aShotOfExactlyTheClipsLengthIsOne() throws {
        let (result, _) = try search(MadeVideo(seconds: 24), [0, 80, 160])
        #expect(result.candidates.map(\.startFrame).sorted() == [0, 80, 160])
    }

    @Test func aShotThatIsAFrameTooShortIsNone() throws {
        let (result, summary) = try search(MadeVideo(seconds: 15), [0, 79])
        #expect(result.candidates.isEmpty)
        #expect(summary == "0 found; the longest shot lasts 7.9 s")
    }

    @Test func aSoundIsWhole() throws {
        // A second of sound in a minute of noise.
        let made = MadeVideo(seconds: 60, level: { $0 == 31 ? -10 : -45 })
        let (result, _) = try search(made)
        let best = try #require(result.candidates.first)
        #expect((29.0...30.6).contains(best.start), "\(best.start)")
        let holding = result.candidates.filter { $0.start <= 31 && $0.start + 8 >= 32 }
        #expect(holding.count == 1)
    }

    @Test func silenceIsNotOffered() throws {
        let made = MadeVideo(seconds: 40, level: { $0 < 20 ? -120 : -20 })
        let (result, _) = try search(made)
        #expect(!result.candidates.isEmpty)
        for candidate in result.candidates { #expect(candidate.start > 13.5) }
        let silent = try search(MadeVideo(seconds: 20, level: { _ in -70 }))
        #expect(silent.result.candidates.isEmpty)
        #expect(silent.summary == "0 found; the loudest second is −70 dBFS")
        #expect(
            try search(MadeVideo(seconds: 20, level: { _ in -120 })).summary
                == "0 found; all is silent"
        )
    }

    @Test func stillImagesAreNotOffered() throws {
        let (result, summary) = try search(MadeVideo(seconds: 20, isStill: { _ in true }))
        #expect(result.candidates.isEmpty)
        #expect(summary == "0 found; at best 100 % of a clip's frames are still")
        #expect(try search(MadeVideo(seconds: 20, isStill: { $0 % 4 > 0 })).summary == "2 found")
    }

    @Test func bandwidthIsThatOfTheRecording() throws {
        let (result, summary) = try search(
            MadeVideo(seconds: 20),
            [0],
            Self.settings { $0.bandwidth = 14_400 }
        )
        #expect(result.candidates.isEmpty)
        #expect(summary.hasPrefix("0 found; the largest bandwidth is 3.9"), "\(summary)")
        let low = Self.settings { $0.bandwidth = 3_000 }
        #expect(try search(MadeVideo(seconds: 20), [0], low).summary == "2 found")
    }

    @Test func whatTheLibraryHasIsNotOfferedAgain() throws {
        let taken = [ClipSearch.Taken(start: 0, duration: 8, .exported)]
        let (result, _) = try search(MadeVideo(seconds: 16), taken: taken)
        #expect(result.candidates.map(\.start).allSatisfy { $0 >= 4 })
        #expect(result.candidates.count == 1)
        let all = [ClipSearch.Taken(start: 0, duration: 30, .exported)]
        #expect(
            try search(MadeVideo(seconds: 16), taken: all).summary
                == "0 found; all clips are in the library"
        )
    }

    @Test func whatClipsAllTheTimeIsOfferedLast() throws {
        let made = MadeVideo(seconds: 24, level: { $0 < 8 ? 20 : -20 })
        let (result, _) = try search(made, [0, 80, 160])
        #expect(result.candidates.count == 3)
        #expect(result.candidates.last?.start == 0)
        #expect(result.candidates.last?.flags.contains(.clipped) == true)
    }

    @Test func aVideoOfOneFrameHasAReport() throws {
        let second = try MadeVideo(seconds: 1).scanned(in: folder.path)
        var measures = second.measures
        measures.frames.removeLast(MadeVideo.rate - 1)
        measures.times.removeLast(MadeVideo.rate - 1)
        let video = ScannedVideo(
            path: second.path,
            key: second.key,
            note: second.note,
            measures: measures
        )
        let shots = FoundShots(starts: [0], count: 1)
        let report = SignalReport(atFrame: 0, of: video, shots, Self.settings(), taken: [])
        #expect(report.filters.contains(.shot))
    }

    @Test func spacingAndTopLimitTheList() throws {
        let made = MadeVideo(seconds: 60)
        let sparse = try search(made, [0], Self.settings { $0.spacing = 20 })
        #expect(sparse.result.candidates.count == 3)
        let few = try search(made, [0], Self.settings { $0.top = 2 })
        #expect(few.result.candidates.count == 2)
        #expect(few.summary == "2 found, 5 more left out")
    }

    @Test(arguments: [
        (FindSettings.Content.keep, 3), (.drop, 1), (.only, 2),
    ])
    func speechIsKeptDroppedOrAsked(_ content: FindSettings.Content, _ count: Int) throws {
        let made = MadeVideo(seconds: 40, speech: { $0 < 24 ? 250 : 3 })
        let settings = Self.settings { $0.speech = content }
        let (result, _) = try search(made, [0, 240], settings)
        #expect(result.candidates.count == count)
        for candidate in result.candidates {
            #expect(candidate.flags.contains(.speech) == (candidate.start < 23))
        }
    }

    @Test func aReportSaysWhatDropsAPlace() throws {
        let video = try MadeVideo(seconds: 20, level: { _ in -70 }).scanned(in: folder.path)
        let shots = FoundShots(starts: [0, 150], count: 200)
        let report = SignalReport(atFrame: 152, of: video, shots, Self.settings(), taken: [])
        #expect(report.filters == [.shot, .silence])
        #expect(report.lines.contains { $0.name == "silence" && $0.isGood == false })
    }

    @Test(arguments: [
        (FindSettings.Content.keep, Bool?.none), (.drop, false), (.only, true),
    ])
    func aReportHoldsSpeechAgainstWhatIsWanted(
        _ content: FindSettings.Content,
        _ isGood: Bool?
    ) throws {
        let video = try MadeVideo(seconds: 20, speech: { _ in 250 }).scanned(in: folder.path)
        let settings = Self.settings { $0.speech = content }
        let shots = FoundShots(starts: [0], count: 200)
        let report = SignalReport(atFrame: 10, of: video, shots, settings, taken: [])
        let line = try #require(report.lines.first { $0.name == "speech" })
        #expect(line.value == 1)
        #expect(line.isGood == isGood)
        #expect(report.filters == (isGood == false ? [.speech] : []))
    }
}
