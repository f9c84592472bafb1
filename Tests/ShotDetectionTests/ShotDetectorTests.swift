import ShotDetection
import Testing

@Suite struct ShotDetectorTests {
    @Test func aCutBeginsAShotAtItsFirstFrame() {
        var video = DrawnVideo()
        for (number, count) in [20, 5, 31, 12].enumerated() {
            video.add(DrawnVideo.shot(number, count))
        }
        let shots = video.shots
        #expect(shots.map(\.start) == [0, 20, 25, 56])
        #expect(shots.map(\.end) == [20, 25, 56, 68])
        #expect(shots.map(\.kind) == [.start, .cut, .cut, .cut])
        #expect(shots.allSatisfy { (0...1).contains($0.score) && $0.transition.isEmpty })
    }

    @Test func aCutAtTheLastFrameIsFound() {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 20) + DrawnVideo.shot(1, 1))
        #expect(video.shots.map(\.start) == [0, 20])
    }

    @Test func aVideoWithoutChangesIsOneShot() {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(3, 50))
        #expect(video.shots.map(\.end) == [50])
        #expect(video.result.doubtful.isEmpty)
        var short = DrawnVideo()
        short.add(DrawnVideo.shot(3, 1))
        #expect(short.shots.map(\.end) == [1])
        #expect(DrawnVideo().shots.isEmpty)
    }

    @Test(arguments: 1...4)
    func aFlashIsNoCut(length: Int) {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 40) + DrawnVideo.shot(1, 20))
        for frame in 15..<15 + length { video.flash(frame, 230) }
        #expect(video.shots.map(\.start) == [0, 40])
    }

    @Test func aJoltOfTheCameraIsNoCut() {
        var video = DrawnVideo()
        video.add((0..<20).map { _ in DrawnVideo.scene(0) })
        video.add((0..<20).map { _ in DrawnVideo.scene(0, x: 24, y: 9) })
        video.add((0..<20).map { _ in DrawnVideo.scene(1) })
        #expect(AdaptiveDetector().cuts(in: video.measures) == [20, 40])
        #expect(video.shots.map(\.start) == [0, 40])
    }

    @Test(arguments: [8, 12, 20, 30])
    func aDissolveBeginsAShotInItsMiddle(length: Int) throws {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 60))
        video.dissolve(to: DrawnVideo.shot(1, 60), over: length)
        let shots = video.shots
        #expect(shots.map(\.kind) == [.start, .dissolve])
        let shot = try #require(shots.last)
        #expect((60 - length...60).contains(shot.start))
        #expect(shot.transition.contains(shot.start))
    }

    @Test func aFadeThroughBlackBeginsAShotInTheBlack() throws {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 40) + DrawnVideo.shot(1, 40))
        for step in 0..<12 {
            video.darken(39 - step, 20 * step)
            video.darken(40 + step, 20 * step)
        }
        let shots = video.shots
        #expect(shots.map(\.kind) == [.start, .fade])
        let shot = try #require(shots.last)
        #expect((38...42).contains(shot.start))
        #expect(shot.transition.lowerBound < 32 && shot.transition.upperBound > 48)
    }

    @Test func blackThroughoutIsOneShot() {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 40))
        for frame in 0..<40 { video.darken(frame, 0) }
        #expect(video.shots.map(\.end) == [40])
    }

    @Test func blackBetweenCutsIsAShot() {
        var video = DrawnVideo()
        video.add(DrawnVideo.shot(0, 20) + DrawnVideo.shot(0, 10) + DrawnVideo.shot(1, 20))
        for frame in 20..<30 { video.darken(frame, 0) }
        #expect(video.shots.map(\.start) == [0, 20, 30])
        #expect(video.shots.map(\.kind) == [.start, .cut, .cut])
    }
}
