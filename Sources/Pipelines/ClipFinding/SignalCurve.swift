import SoundSignals
import VideoScanning

/// A signal over a whole video, to be drawn with its limit: what a limit is compared with at each
/// place.
package struct SignalCurve: Sendable, Equatable {
    /// Values per second.
    package static let rate = 10

    /// Every 0.1 s; not a number where the signal is not known.
    package let values: [Float]

    package init(values: [Float]) { self.values = values }

    /// The signal of a video.
    ///
    /// The level is that of each row of audio, and the bandwidth that of each shot. The others are
    /// those of the clip that begins there.
    ///
    /// - Parameters:
    ///   - signal: which.
    ///   - searched: the video.
    ///   - settings: the length of clips, and from which level on audio is silent.
    package init(
        _ signal: Candidate.Signal,
        of searched: SearchedVideo,
        _ settings: FindSettings
    ) {
        let video = searched.video
        let count = max(0, Int((video.duration * Double(Self.rate)).rounded(.up)))
        if signal == .level {
            let rows = video.measures.sound?.rows ?? []
            values = (0..<count).map { $0 < rows.count ? Float(rows[$0].level) : .nan }
            return
        }
        let silent = SilentRows(video, below: settings.silence.level)
        var frame = 0
        var shot = 0
        values = (0..<count).map { index in
            let time = Double(index) / Double(Self.rate)
            while frame + 1 < video.measures.times.count, video.measures.times[frame + 1] <= time {
                frame += 1
            }
            while shot + 1 < searched.shots.shots.count,
                searched.shots.shots[shot + 1].start <= frame
            {
                shot += 1
            }
            if signal == .bandwidth { return Float(searched.bandwidths[shot] ?? 0) }
            var place = searched.place(frame, in: shot, duration: settings.duration).values
            if signal == .silence {
                let rows = searched.signals.rows(start: time, duration: settings.duration)
                place.silence = silent.share(of: rows, duration: settings.duration)
            }
            return place[signal].map { Float($0) } ?? .nan
        }
    }
}

extension ClipSignals.Values {
    /// The value of a signal of clips; nil where it is not known.
    fileprivate subscript(_ signal: Candidate.Signal) -> Double? {
        switch signal {
        case .silence: silence
        case .level: level
        case .bandwidth: nil
        case .onsets: Double(onsets)
        case .still: still
        case .black: black
        case .clipping: clipping
        case .speech: speech
        case .music: music
        }
    }
}
