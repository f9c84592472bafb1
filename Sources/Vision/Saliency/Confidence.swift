/// How far each mask of a window can be trusted: an estimate of its IoU with the true object.
///
/// What is large, steady and clear-cut is usually right; what is not set off from its background,
/// does not agree with its neighbours' maps carried here along the flow, or moves little more than
/// everything else, as in parallax, is trusted less.
struct Confidence {
    let frames: [SceneFrame]
    let size: MapSize
    let evidence: WindowEvidence
    let tuning: SaliencyTuning.Confidence

    /// What is measured of one frame's map.
    private struct Measures: Sendable {
        var area = 0
        /// Mean inside less mean outside, of the map and of the motion that it started from.
        var separation: Float = 0
        var motionSeparation: Float = 0
        /// Mean IoU with the neighbours' masks.
        var agreement: Float = 1
        /// Places that are neither clearly object nor clearly not, as a multiple of the object's.
        var ambiguity: Float = 0
    }

    /// - Parameters:
    ///   - x: the maps of the window, one after the other.
    ///   - motion: what they started from.
    /// - Returns: 0…1 for each frame; 0 where there is no object.
    func measure(_ x: [Float], motion: [Float]) -> [Float] {
        var measures = [Measures](repeating: Measures(), count: frames.count)
        measures.withUnsafeMutableBufferPointer { measures in
            guard let base = measures.baseAddress else { return }
            let target = SharedMemory(base)
            let places = size.count
            x.withUnsafeBufferPointer { x in
                motion.withUnsafeBufferPointer { motion in
                    guard let x = x.baseAddress, let motion = motion.baseAddress else { return }
                    let maps = SharedMemory(UnsafeMutablePointer(mutating: x))
                    let starts = SharedMemory(UnsafeMutablePointer(mutating: motion))
                    Parallel.forEach(frames.count) { [frames, size, tuning] time in
                        target.base[time] = Self.measures(
                            frames,
                            time,
                            maps.base + time * places,
                            starts.base + time * places,
                            size: size,
                            least: tuning.leastPlaces
                        )
                    }
                }
            }
        }
        return estimates(measures)
    }

    private func estimates(_ measures: [Measures]) -> [Float] {
        let places = Float(size.count)
        let areas = measures.map { Float($0.area) }
        let usual = Quantile.median(of: areas)
        let count = Float(measures.count)
        let meanSize = areas.reduce(0) { $0 + ($1 / places).squareRoot() } / count
        let meanAmbiguity = measures.reduce(0) { $0 + $1.ambiguity } / count
        let looks = measures.reduce(0) { $0 + $1.motionSeparation } / count
        let standsOut = min(max((looks - tuning.leastLooks) / tuning.looksRange, 0), 1)
        let still = evidence.still
        let trust = still * standsOut * tuning.stillTrust + (1 - still) * evidence.clearness
        return measures.map { frame in
            guard frame.area > 0 else { return 0 }
            let area = Float(frame.area)
            let steadiness = min(area, usual) / max(area, usual)
            let estimate =
                tuning.base + tuning.sizeWeight * meanSize
                + tuning.meanAmbiguityWeight * meanAmbiguity
                + tuning.ambiguityWeight * frame.ambiguity + tuning.steadyWeight * steadiness
            let sharpness = frame.separation * (0.5 + 0.5 * frame.agreement)
            let limited = min(max(sharpness / tuning.fullSeparation, 0), 1)
            return min(max(estimate, 0), 1) * limited * trust
        }
    }

    private static func measures(
        _ frames: [SceneFrame],
        _ time: Int,
        _ map: UnsafePointer<Float>,
        _ motion: UnsafePointer<Float>,
        size: MapSize,
        least: Int
    ) -> Measures {
        let places = size.count
        let isInside = (0..<places).map { map[$0] > 0.5 }
        let area = isInside.count { $0 }
        guard area >= min(least, places) else { return Measures() }
        var measures = Measures()
        measures.area = area
        measures.separation = separation(map, isInside, area)
        measures.motionSeparation = separation(motion, isInside, area)
        var agreements: [Float] = []
        if time > 0, let path = frames[time].backward {
            agreements.append(agreement(isInside, path, map - places))
        }
        if time + 1 < frames.count, let path = frames[time].forward {
            agreements.append(agreement(isInside, path, map + places))
        }
        if !agreements.isEmpty {
            measures.agreement = agreements.reduce(0, +) / Float(agreements.count)
        }
        let ambiguous = (0..<places).count { map[$0] > 0.25 && map[$0] < 0.75 }
        measures.ambiguity = min(Float(ambiguous) / Float(area), 2)
        return measures
    }

    /// Mean inside less mean outside.
    private static func separation(
        _ map: UnsafePointer<Float>,
        _ isInside: [Bool],
        _ area: Int
    ) -> Float {
        var (inside, outside): (Float, Float) = (0, 0)
        for place in isInside.indices {
            if isInside[place] { inside += map[place] } else { outside += map[place] }
        }
        return inside / Float(area) - outside / Float(max(isInside.count - area, 1))
    }

    /// IoU of a mask with a neighbour's, warped here.
    private static func agreement(
        _ isInside: [Bool],
        _ path: CarryPath,
        _ neighbour: UnsafePointer<Float>
    ) -> Float {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: isInside.count) { warped in
            guard let warped = warped.baseAddress else { return 0 }
            path.warped(neighbour, into: warped)
            var (both, either) = (0, 0)
            for place in isInside.indices {
                let other = warped[place] > 0.5
                if isInside[place] && other { both += 1 }
                if isInside[place] || other { either += 1 }
            }
            return either == 0 ? 0 : Float(both) / Float(either)
        }
    }
}
