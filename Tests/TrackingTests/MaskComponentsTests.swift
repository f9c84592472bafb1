import TestSupport
import Testing
import Tracking

/// Small holes and specks.
@Suite struct MaskComponentsTests {
    /// Draws logits: `#` is 5, `+` just about object, `.` is -5, `-` just about none.
    private func logits(_ rows: [String]) -> [Float] {
        rows.joined().map { $0 == "#" ? 5 : $0 == "+" ? 0.1 : $0 == "-" ? -0.1 : -5 }
    }

    private func cleaned(_ rows: [String], holes: Int = 0, specks: Int = 0) -> [Float] {
        cleaned(logits(rows), width: rows[0].count, holes: holes, specks: specks)
    }

    private func cleaned(_ logits: [Float], width: Int, holes: Int, specks: Int) -> [Float] {
        var logits = logits
        MaskComponents.fillHoles(in: &logits, width: width, maxArea: holes)
        MaskComponents.removeSmallComponents(from: &logits, width: width, maxArea: specks)
        return logits
    }

    @Test func holesUpToASizeAreFilledAndNothingElseChanges() {
        let rows = ["######...", "#.####...", "###..##..", "######...", "#########"]
        #expect(cleaned(rows) == logits(rows))
        #expect(
            cleaned(rows, holes: 1)
                == logits(["######...", "#+####...", "###..##..", "######...", "#########"])
        )
        #expect(
            cleaned(rows, holes: 2)
                == logits(["######...", "#+####...", "###++##..", "######...", "#########"])
        )
    }

    @Test func specksUpToASizeAreDroppedAndNothingElseChanges() {
        let rows = ["#....", "....#", "...#.", "##...", "##..#"]
        #expect(cleaned(rows, specks: 1) == logits(["-....", "....#", "...#.", "##...", "##..-"]))
        #expect(cleaned(rows, specks: 2) == logits(["-....", "....-", "...-.", "##...", "##..-"]))
        #expect(cleaned(rows, specks: 4) == logits(["-....", "....-", "...-.", "--...", "--..-"]))
    }

    @Test func cornersJoinPartsOfBothKinds() {
        let rows = ["#####", "#.###", "##.##", "###.#", "#####"]
        #expect(cleaned(rows, holes: 2) == logits(rows))
        #expect(!cleaned(rows, holes: 3).contains { $0 <= 0 })
    }

    /// As on CUDA, the border does not make a hole an open one.
    @Test func aHoleAtTheBorderIsAHole() {
        #expect(cleaned([".###", "####"], holes: 1) == logits(["+###", "####"]))
    }

    /// A speck in a hole joins the object when the hole is filled.
    @Test func holesComeFirst() {
        let rows = ["#####", "#...#", "#.#.#", "#...#", "#####"]
        let filled = ["#####", "#+++#", "#+#+#", "#+++#", "#####"]
        #expect(cleaned(rows, holes: 8, specks: 1) == logits(filled))
    }

    @Test func zeroIsNoObject() {
        #expect(cleaned([5, 0, 5], width: 3, holes: 1, specks: 0) == [5, 0.1, 5])
    }

    @Test func whatIsWithoutAnObjectIsALargeHole() {
        let noObjectScore = [Float](repeating: -1024, count: 64)
        #expect(cleaned(noObjectScore, width: 8, holes: 8, specks: 8) == noObjectScore)
    }

    /// Numbers of parts by spreading the smallest number until nothing changes.
    private func partSizes(_ isPart: [Bool], _ width: Int) -> [Int] {
        let height = isPart.count / width
        var labels = isPart.indices.map { isPart[$0] ? $0 : -1 }
        var changed = true
        while changed {
            changed = false
            for one in labels.indices where labels[one] >= 0 {
                for two in labels.indices where labels[two] > labels[one] {
                    let isNear =
                        abs(one % width - two % width) <= 1 && abs(one / width - two / width) <= 1
                    if isNear {
                        labels[two] = labels[one]
                        changed = true
                    }
                }
            }
        }
        precondition(height * width == isPart.count)
        return labels.map { label in label < 0 ? 0 : labels.count { $0 == label } }
    }

    @Test func randomMasksAreCleanedAsByAFloodFill() {
        var generator = Mutator(seed: 20_261_128)
        for round in 0..<300 {
            let (width, height) = (
                Int.random(in: 1...9, using: &generator), Int.random(in: 1...9, using: &generator)
            )
            let share = Double.random(in: 0.1...0.9, using: &generator)
            let source = (0..<width * height).map { _ in
                Float(Double.random(in: 0..<1, using: &generator) < share ? 1 : -1)
                    * Float.random(in: 0.5...9, using: &generator)
            }
            let (holes, specks) = (
                Int.random(in: 0...6, using: &generator), Int.random(in: 0...6, using: &generator)
            )

            var expected = source
            let holeSizes = partSizes(source.map { $0 <= 0 }, width)
            for index in source.indices where (1...max(1, holes)).contains(holeSizes[index]) {
                if holes > 0 { expected[index] = 0.1 }
            }
            let speckSizes = partSizes(expected.map { $0 > 0 }, width)
            for index in source.indices where (1...max(1, specks)).contains(speckSizes[index]) {
                if specks > 0 { expected[index] = -0.1 }
            }
            let result = cleaned(source, width: width, holes: holes, specks: specks)
            #expect(
                result == expected,
                "round \(round): \(width) wide, \(holes), \(specks): \(source)"
            )
        }
    }
}
