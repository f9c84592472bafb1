/// How far each mask of a window can be trusted.
enum Confidence {
    /// The separation of object and background, and how well a mask agrees with its neighbours'
    /// maps, carried here along the flow.
    ///
    /// - Parameters:
    ///   - frames: the window.
    ///   - x: its maps, one after the other.
    ///   - size: the map's size.
    ///   - tuning: weights of the parts.
    /// - Returns: 0…1 for each frame; 0 where there is no object.
    static func measure(
        _ frames: [SceneFrame],
        _ x: [Float],
        size: MapSize,
        tuning: SaliencyTuning.Confidence
    ) -> [Float] {
        let places = size.count
        var results = [Float](repeating: 0, count: frames.count)
        x.withUnsafeBufferPointer { x in
            results.withUnsafeMutableBufferPointer { results in
                guard let x = x.baseAddress, let base = results.baseAddress else { return }
                let (source, target) = (
                    SharedMemory(UnsafeMutablePointer(mutating: x)), SharedMemory(base)
                )
                Parallel.forEach(frames.count) { time in
                    let map = source.base + time * places
                    let separation = separation(map, places, least: tuning.leastPlaces)
                    guard separation > 0 else { return }
                    var (agreement, neighbours): (Float, Float) = (0, 0)
                    if time > 0, let path = frames[time].backward {
                        agreement += Self.agreement(map, path, map - places, places)
                        neighbours += 1
                    }
                    if time + 1 < frames.count, let path = frames[time].forward {
                        agreement += Self.agreement(map, path, map + places, places)
                        neighbours += 1
                    }
                    let mean = neighbours > 0 ? agreement / neighbours : 1
                    let trust = separation * (1 - tuning.agreement + tuning.agreement * mean)
                    target.base[time] = min(max(trust, 0), 1)
                }
            }
        }
        return results
    }

    /// Mean inside less mean outside.
    private static func separation(
        _ map: UnsafePointer<Float>,
        _ places: Int,
        least: Int
    ) -> Float {
        var (inside, outside): (Float, Float) = (0, 0)
        var area = 0
        for index in 0..<places {
            if map[index] > 0.5 {
                inside += map[index]
                area += 1
            } else {
                outside += map[index]
            }
        }
        guard area >= min(least, places) else { return 0 }
        return inside / Float(area) - outside / Float(max(places - area, 1))
    }

    /// IoU of a mask with a neighbour's, warped here.
    private static func agreement(
        _ map: UnsafePointer<Float>,
        _ path: CarryPath,
        _ neighbour: UnsafePointer<Float>,
        _ places: Int
    ) -> Float {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: places) { warped in
            guard let warped = warped.baseAddress else { return 0 }
            path.warped(neighbour, into: warped)
            var (both, either) = (0, 0)
            for index in 0..<places {
                let (a, b) = (map[index] > 0.5, warped[index] > 0.5)
                if a && b { both += 1 }
                if a || b { either += 1 }
            }
            return either == 0 ? 0 : Float(both) / Float(either)
        }
    }
}
