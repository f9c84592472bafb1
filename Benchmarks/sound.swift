// The program of `Benchmarks/sound`: how often the right candidate is found on rendered clips.
// Compiled together with the module and the scenes of its tests.
//
//     sound SEEDS     prints a row of the table for each kind of clip

struct Tally {
    var (right, wrong, unsure, first) = (0, 0, 0, 0)

    mutating func add(_ comparison: SoundComparison, truth: Int?) {
        let matches = comparison.matches
        let best = matches.indices.max {
            matches[$0]?.correlation ?? -1 < matches[$1]?.correlation ?? -1
        }
        if best == truth { first += 1 }
        guard let best = comparison.best else { return unsure += 1 }
        if best == truth { right += 1 } else { wrong += 1 }
    }
}

let seeds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100

func row(_ name: String, hasTruth: Bool, _ scene: (UInt64) -> SoundScene) {
    var tally = Tally()
    for seed in 0..<UInt64(seeds) {
        tally.add(scene(seed).comparison(), truth: hasTruth ? Int(seed % 3) : nil)
    }
    let percent = { (count: Int) in "\((100 * count + seeds / 2) / seeds) %" }
    let cells = [
        name, hasTruth ? percent(tally.first) : "–", hasTruth ? percent(tally.right) : "–",
        percent(tally.wrong), percent(tally.unsure),
    ]
    print("| " + cells.joined(separator: " | ") + " |")
}

for count in [2, 4, 8, 12] {
    row("\(count) knocks, all shown", hasTruth: true) { .knocking(count, seed: $0) }
}
row("8 knocks, 60 % shown", hasTruth: true) { .knocking(8, shown: 0.6, seed: $0) }
row("8 knocks, 30 % shown", hasTruth: true) { .knocking(8, shown: 0.3, seed: $0) }
row("8 knocks, audio 0.1 s late", hasTruth: true) { .knocking(8, delay: 0.1, seed: $0) }
row("8 knocks, camera shakes by 1 px", hasTruth: true) { .knocking(8, shake: 1, seed: $0) }
row("8 knocks, camera shakes by 3 px", hasTruth: true) { .knocking(8, shake: 3, seed: $0) }
row("8 knocks of something off-screen", hasTruth: false) { .offScreen(8, seed: $0) }
row("4 knocks of something off-screen", hasTruth: false) { .offScreen(4, seed: $0) }
row("the same, camera shakes by 3 px", hasTruth: false) { .offScreen(8, shake: 3, seed: $0) }
row("steady hum", hasTruth: false) { .unrelated(8, seed: $0) { SoundScene.hum(&$0) } }
row("hiss", hasTruth: false) { .unrelated(8, seed: $0) { SoundScene.hiss(0.1, &$0) } }
row("silence", hasTruth: false) { .unrelated(8, seed: $0) { _ in SoundScene.silence } }
