import ClipLibrary
import DatasetExport
import DatasetProfiles
import TestSupport
import Testing

/// How data sets are divided.
@Suite struct SplitTests {
    private static func splits(
        of bench: DatasetBench,
        _ rule: SplitRule?
    ) async throws -> [String: String] {
        let rule = try #require(rule)
        let clips = try await bench.library.clips().sorted { $0.id < $1.id }
        return rule.splits(of: clips).mapValues(\.rawValue)
    }

    @Test(arguments: [SplitRule.Key.source, .label])
    func moreClipsMoveNone(key: SplitRule.Key) async throws {
        let bench = try DatasetBench()
        for number in 0..<40 {
            try await bench.addClip(
                "a\(number)_001",
                label: number % 2 == 0 ? "dog" : "cat",
                source: "source \(number)"
            )
        }
        let before = try await Self.splits(of: bench, SplitRule("60/20/20", by: key))
        #expect(Set(before.values) == ["train", "val", "test"])
        for number in 0..<60 {
            // Some of known sources, with another label.
            try await bench.addClip("b\(number)_001", label: "cow", source: "source \(number)")
        }
        let after = try await Self.splits(of: bench, SplitRule("60/20/20", by: key))
        #expect(after.count == 60)
        for (source, split) in before { #expect(after[source] == split) }
    }

    @Test func everyLabelIsDividedAlike() async throws {
        let bench = try DatasetBench()
        for number in 0..<60 {
            let label = ["dog", "cat", "cow"][number % 3]
            try await bench.addClip("\(label)\(number)_001", label: label, source: "\(number)")
        }
        let (_, plan, _) = try await bench.plan("plain") {
            $0.split = SplitRule("80/20", by: .label)
        }
        for label in ["dog", "cat", "cow"] {
            let rows = plan.rows.compactMap(\.row).filter { $0.label == label }
            #expect((3...5).contains(rows.count { $0.split == .val }), "\(label)")
        }
    }

    @Test func anEmptySplitIsSaid() async throws {
        let bench = try DatasetBench()
        try await bench.addClip("dog_001")
        let (_, plan, _) = try await bench.plan("mmaudio-16k") {
            $0.split = SplitRule("90/5/5", by: .source)
        }
        #expect(plan.warnings.count == 2)
        #expect(plan.warnings.allSatisfy { $0.contains("has no clips") })
        #expect(plan.summary.clipsBySplit.values.sorted() == [0, 0, 1])
    }

    @Test func sharesAreTwoOrThreeNumbers() {
        for text in ["90/5/5", "80/20", "1/0/0"] { #expect(SplitRule(text, by: .source) != nil) }
        for text in ["90", "90/5/3/2", "a/b", "90/-5", "0/0", "", "90//5", "90/5/"] {
            #expect(SplitRule(text, by: .source) == nil, "\(text)")
        }
    }
}
