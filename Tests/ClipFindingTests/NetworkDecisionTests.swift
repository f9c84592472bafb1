import ClipFinding
import ShotDetection
import TestSupport
import Testing
import VideoScanning

/// What a network says takes the place of doubtful changes, and of nothing else.
@Suite struct NetworkDecisionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aDissolveThatTheNetworkSeesBeginsAShot() throws {
        var video = try MadeVideo(seconds: 20).scanned(in: folder.path)
        // The rules find nothing; the network was asked about frames 50 to 99.
        var cuts = [UInt8](repeating: .max, count: 200)
        var transitions = cuts
        for frame in 50..<100 { (cuts[frame], transitions[frame]) = (2, 2) }
        for frame in 70..<82 { transitions[frame] = 230 }
        cuts[76] = 200
        (video.content.cuts, video.content.transitions) = (cuts, transitions)
        // No doubt, no change.
        #expect(FoundShots(of: video, usesNetwork: true).shots.count == 1)
        // A jump of colours that the rules doubt.
        var frames = video.measures.frames
        for frame in frames.indices where (66..<90).contains(frame) {
            frames[frame].content(of: frame == 76 ? 12 : 4)
            frames[frame].alikeness = 0.7
            frames[frame].shiftedDifference = 20
        }
        video = ScannedVideo(
            path: video.path,
            key: video.key,
            note: video.note,
            measures: .init(
                frames: frames,
                times: video.measures.times,
                sound: video.measures.sound
            ),
            content: video.content
        )
        let found = FoundShots(of: video, usesNetwork: true)
        try #require(!found.doubtful.isEmpty)
        #expect(found.shots.map(\.kind) == [.start, .dissolve])
        #expect(found.shots[1].start == 76)
        #expect(found.shots[1].transition == 70..<83)
        #expect(FoundShots(of: video).shots.count == 1)
    }
}

extension FrameMeasures {
    /// Sets all differences.
    fileprivate mutating func content(of value: Double) {
        (hue, saturation, self.value) = (value, value, value)
    }
}
