import Media
import ScanStore
import ShotDetection
import SoundSignals
import SystemPackage

/// A video that was scanned to its end: all that shots and clips are found by.
package struct ScannedVideo: Sendable {
    /// Where the video is.
    package let path: FilePath
    package let key: ScanKey
    package let note: ScanNote
    package let measures: VideoMeasures
    /// What networks have said of it.
    package var content: VideoContent

    package init(
        path: FilePath,
        key: ScanKey,
        note: ScanNote,
        measures: VideoMeasures,
        content: VideoContent = VideoContent()
    ) {
        (self.path, self.key, self.note) = (path, key, note)
        (self.measures, self.content) = (measures, content)
    }

    /// When a frame is shown, in seconds from the start of the video; for the number after the last
    /// one, when the video ends.
    package func time(ofFrame frame: Int) -> Double {
        let times = measures.times
        if frame < times.count { return times[max(0, frame)] }
        guard let last = times.last else { return 0 }
        return last + Double(frame - times.count + 1) / note.frameRate
    }

    /// The frame that is shown at a time: the last one that begins before or then, within half a
    /// microsecond.
    package func frame(at seconds: Double) -> Int {
        let times = measures.times
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= seconds + 5e-7 { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// When the video ends, in seconds.
    package var duration: Double { time(ofFrame: measures.times.count) }
}
