/// Cuts a scene into overlapping windows, has each decided as a whole, and fades from one window's
/// maps to the next one's.
///
/// Windows are counted from the scene's first frame. The last one ends with the scene and is as
/// long as the others, if the scene is. So maps depend on the scene alone.
struct SceneWindows: Sendable {
    private let size: MapSize
    private let tuning: SaliencyTuning
    private let length: Int
    private let overlap: Int
    /// The last frames of the scene, at most a window's length.
    private var frames: [SceneFrame] = []
    /// Frames of the scene so far.
    private var count = 0
    /// Where the next window begins.
    private var start = 0
    /// Maps that the next window may still change; the first is that of frame `start`.
    private var tail: [Decided] = []

    /// A frame's map, 0…1, and how far it can be trusted.
    fileprivate struct Decided: Sendable {
        let frame: SceneFrame
        var values: [Float]
        var confidence: Float
    }

    init(size: MapSize, frameRate: Double, tuning: SaliencyTuning) {
        (self.size, self.tuning) = (size, tuning)
        let frames = Int((tuning.input.window * frameRate).rounded())
        length = max(2, min(frames, tuning.input.mostFrames))
        overlap = min(
            Int((Double(length) * tuning.input.overlap / tuning.input.window).rounded()),
            length - 1
        )
    }

    /// Takes the next frame of the scene.
    ///
    /// - Returns: the maps that are decided now.
    mutating func append(_ frame: SceneFrame) -> [ObjectMap] {
        frames.append(frame)
        if frames.count > length { frames.removeFirst() }
        count += 1
        guard count == start + length else { return [] }
        decide()
        start = count - overlap
        return emit(length - overlap)
    }

    /// Ends the scene; the next frame begins another one.
    mutating func end() -> [ObjectMap] {
        if count > start + tail.count { decide() }
        let maps = emit(tail.count)
        frames = []
        (count, start) = (0, 0)
        return maps
    }

    private mutating func decide() {
        let window = Inference(frames, size: size, tuning: tuning)
        let (x, confidences) = window.run()
        // The window may begin before what is still undecided.
        let before = start - (count - frames.count)
        let faded = tail.count
        for time in before..<frames.count {
            let values = Array(x[time * size.count..<(time + 1) * size.count])
            let place = time - before
            if place < faded {
                let part = Float(place + 1) / Float(faded + 1)
                tail[place].fade(to: values, confidences[time], part)
            } else {
                tail.append(
                    Decided(frame: frames[time], values: values, confidence: confidences[time])
                )
            }
        }
    }

    private mutating func emit(_ number: Int) -> [ObjectMap] {
        let maps = tail.prefix(number).flatMap { $0.maps(size) }
        tail.removeFirst(min(number, tail.count))
        return maps
    }
}

extension SceneWindows.Decided {
    fileprivate mutating func fade(to other: [Float], _ otherConfidence: Float, _ part: Float) {
        for index in values.indices { values[index] += (other[index] - values[index]) * part }
        confidence += (otherConfidence - confidence) * part
    }

    /// The maps of the frame and of those that repeat it.
    fileprivate func maps(_ size: MapSize) -> [ObjectMap] {
        let bytes = values.map { UInt8(min(max($0, 0), 1) * 255 + 0.5) }
        return frame.shown.enumerated().map { place, shown in
            ObjectMap(
                frame: shown.index,
                time: shown.time,
                width: size.width,
                height: size.height,
                values: bytes,
                confidence: confidence,
                motion: place == 0 ? frame.ownMotion : frame.ownMotion.repeated
            )
        }
    }
}
