import DesktopModel
import Media
import SystemPackage
import TestSupport
import Testing

/// What is seen of a video's length.
@MainActor
@Suite struct TimelineTests {
    @Test func lookingCloserKeepsTheTimeUnderThePointer() {
        let timeline = TimelineModel()
        timeline.setLength(100)
        #expect(timeline.visible == 0...100)
        #expect(timeline.isWhole)
        timeline.zoom(by: 4, around: 30)
        let part = (30 - timeline.visible.lowerBound) / 25
        #expect(abs(part - 0.3) < 1e-9)
        #expect(abs(timeline.visible.upperBound - timeline.visible.lowerBound - 25) < 1e-9)
        timeline.pan(by: 1000)
        #expect(timeline.visible == 75...100)
        timeline.zoom(by: 1000, around: 75)
        #expect(timeline.visible.upperBound - timeline.visible.lowerBound == 0.5)
        timeline.zoom(by: 1e-6, around: 80)
        #expect(timeline.isWhole)
    }

    @Test func theLoudnessComesByItself() async throws {
        let folder = try TemporaryFolder()
        let video = try await CounterClip.make(
            folder["video.mp4"],
            rate: "10",
            frames: 80,
            seconds: 8
        )
        let timeline = TimelineModel()
        timeline.show(try await VideoProbe.source(of: video))
        try await eventually("the loudness") {
            timeline.peaks.map { $0.values.count > 700 } ?? false
        }
        timeline.show(nil)
        #expect(timeline.cells(width: 1000).isEmpty)
        #expect(timeline.peaks == nil)
    }

    @Test func jumpsDoNotPileUp() {
        var queue = SeekQueue()
        #expect(queue.request(1) == .init(time: 1, isExact: true))
        #expect(queue.request(2) == nil)
        #expect(queue.request(3) == nil)
        #expect(queue.completed() == .init(time: 3, isExact: true))
        #expect(queue.isSeeking)
        #expect(queue.completed() == nil)
        #expect(!queue.isSeeking)
        #expect(queue.completed() == nil)
    }

    @Test func timesAreWrittenAsPeopleReadThem() {
        #expect(TimeText.exact(0) == "0:00.000")
        #expect(TimeText.exact(59.9996) == "1:00.000")
        #expect(TimeText.exact(3723.456) == "1:02:03.456")
        #expect(TimeText.whole(59) == "0:59")
    }
}
