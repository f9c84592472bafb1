/// Decides the maps of a window of frames together. Motion, carried along the flow, is coarse; what
/// it marks teaches the window's colours and a local grid over time, place and colour, which make
/// it whole and sharp. Near to NLC (A. Faktor and M. Irani, BMVC 2014) and GO-VOS (E. Haller et
/// al., arXiv:1907.03326, 2019), in bilateral space.
struct Inference {
    private let frames: [SceneFrame]
    private let size: MapSize
    private let tuning: SaliencyTuning
    private let grids: [LocalGrid]
    private let colours: ClipColours
    private let prior: [Float]
    private let evidence: WindowEvidence
    private var count: Int { size.count }

    init(_ frames: [SceneFrame], size: MapSize, tuning: SaliencyTuning) {
        (self.frames, self.size, self.tuning) = (frames, size, tuning)
        grids = Self.grids(frames, size, tuning.inference)
        colours = ClipColours(tuning.inference)
        prior = Self.prior(size, tuning.inference)
        evidence = WindowEvidence(frames, size: size, tuning: tuning)
    }

    private static func grids(
        _ frames: [SceneFrame],
        _ size: MapSize,
        _ tuning: SaliencyTuning.Inference
    ) -> [LocalGrid] {
        var grids = [LocalGrid?](repeating: nil, count: 2)
        grids.withUnsafeMutableBufferPointer { grids in
            guard let base = grids.baseAddress else { return }
            let target = SharedMemory(base)
            let colours = frames.map(\.colours)
            Parallel.forEach(2) { number in
                target.base[number] = LocalGrid(
                    colours,
                    shift: Float(number) / 2,
                    size: size,
                    tuning: tuning
                )
            }
        }
        return grids.compactMap { $0 }
    }

    /// What is decided: a map and a confidence for each frame.
    func run() -> (maps: [Float], confidences: [Float]) {
        let motion = carried(startingPoint())
        var x = motion
        let witness = logOdds(x)
        for _ in 0..<tuning.inference.rounds {
            // Whoever cancels drops the maps.
            if Task.isCancelled { break }
            x = carried(round(x, witness))
        }
        let confidence = Confidence(
            frames: frames,
            size: size,
            evidence: evidence,
            tuning: tuning.confidence
        )
        return (x, confidence.measure(x, motion: motion))
    }

    /// Motion; where nothing moves, looks.
    private func startingPoint() -> [Float] {
        let places = count
        var start = [Float](repeating: 0, count: frames.count * places)
        start.withUnsafeMutableBufferPointer { start in
            guard let base = start.baseAddress else { return }
            let target = SharedMemory(base)
            Parallel.forEach(frames.count) { [evidence] time in
                evidence.fill(target.base + time * places, frame: time)
            }
        }
        return start
    }

    private func round(_ x: [Float], _ witness: [Float]) -> [Float] {
        let certainty = tuning.inference.certainty
        var tables = [[Float]](repeating: [], count: grids.count + 1)
        x.withUnsafeBufferPointer { x in
            tables.withUnsafeMutableBufferPointer { tables in
                guard let x = x.baseAddress, let base = tables.baseAddress else { return }
                let target = SharedMemory(base)
                let source = SharedMemory(UnsafeMutablePointer(mutating: x))
                Parallel.forEach(grids.count + 1) { [grids, colours, frames] number in
                    target.base[number] =
                        number == 0
                        ? colours.table(frames.map(\.colours), source.base, certainty: certainty)
                        : grids[number - 1].table(source.base, certainty: certainty)
                }
            }
        }
        return combined(witness, tables)
    }

    private func combined(_ witness: [Float], _ tables: [[Float]]) -> [Float] {
        let places = count
        let inference = tuning.inference
        var result = witness
        result.withUnsafeMutableBufferPointer { result in
            guard let base = result.baseAddress else { return }
            let target = SharedMemory(base)
            Parallel.forEach(frames.count) { [grids, colours, frames, prior] time in
                let map = target.base + time * places
                let frame = frames[time]
                var clip = [Float](repeating: 0, count: places + 3)
                var local = clip
                clip.withUnsafeMutableBufferPointer { clip in
                    frame.colours.withUnsafeBufferPointer { bytes in
                        for index in 0..<places {
                            clip[index] = tables[0][colours.bin(bytes, index)]
                        }
                    }
                }
                local.withUnsafeMutableBufferPointer { local in
                    guard let local = local.baseAddress else { return }
                    for (number, grid) in grids.enumerated() {
                        tables[number + 1].withUnsafeBufferPointer { table in
                            guard let table = table.baseAddress else { return }
                            grid.add(table, time: time, to: local, places)
                        }
                    }
                }
                let (wm, wc, wg) = (
                    inference.motionWeight, inference.colourWeight, inference.gridWeight
                )
                let scale = inference.sharpening / (wm + wc + wg)
                let mean = 1 / Float(grids.count)
                Fours.forEach(places) { index in
                    let own = Fours.load(map, index, places) * wm
                    let c = Approximations.logOdds(Fours.load(clip, index)) * wc
                    let q = Approximations.logOdds(Fours.load(local, index) * mean) * wg
                    let z = (own + c + q) * scale + Fours.load(prior, index)
                    Fours.store(Approximations.logistic(z), map, index, places)
                }
            }
        }
        return result
    }

    private func logOdds(_ x: [Float]) -> [Float] {
        var result = x
        let total = x.count
        result.withUnsafeMutableBufferPointer { result in
            guard let map = result.baseAddress else { return }
            Fours.forEach(total) { index in
                let value = Approximations.logOdds(Fours.load(map, index, total))
                Fours.store(value, map, index, total)
            }
        }
        return result
    }

    /// The mean of what is carried forwards and backwards along the flow.
    func carried(_ x: [Float]) -> [Float] {
        let (places, last) = (count, frames.count - 1)
        var results = [x, x]
        results.withUnsafeMutableBufferPointer { results in
            guard let base = results.baseAddress else { return }
            let target = SharedMemory(base)
            Parallel.forEach(2) { [frames] direction in
                target.base[direction].withUnsafeMutableBufferPointer { maps in
                    guard let maps = maps.baseAddress, last > 0 else { return }
                    for step in 1...last {
                        let time = direction == 0 ? step : last - step
                        let other = direction == 0 ? time - 1 : time + 1
                        let path = direction == 1 ? frames[time].forward : frames[time].backward
                        let map = maps + time * places
                        path?.carry(maps + other * places, into: map, own: map)
                    }
                }
            }
        }
        // In place: all maps of a window are some megabytes.
        let backward = results.removeLast()
        results[0].withUnsafeMutableBufferPointer { maps in
            for index in maps.indices { maps[index] = (maps[index] + backward[index]) * 0.5 }
        }
        return results[0]
    }

    /// What speaks for object before anything is seen: log odds that fall from the centre.
    private static func prior(_ size: MapSize, _ tuning: SaliencyTuning.Inference) -> [Float] {
        let (halfWidth, halfHeight) = (Float(size.width) / 2, Float(size.height) / 2)
        let isTall = size.height > size.width
        let widthX = isTall ? tuning.centreDown : tuning.centreAcross
        let widthY = isTall ? tuning.centreAcross : tuning.centreDown
        var prior: [Float] = []
        for row in 0..<size.height {
            for column in 0..<size.width {
                let x = (Float(column) - halfWidth) / size.unit
                let y = (Float(row) - halfHeight) / size.unit
                let centre = Approximations.exp(-(x * x / widthX + y * y / widthY))
                prior.append(tuning.bias + tuning.centre * (centre - 0.5))
            }
        }
        return prior + [0, 0, 0]
    }
}
