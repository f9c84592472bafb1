import BatchList
import Diagnostics
import TestSupport
import Testing

/// Which rows a worker takes.
@Suite struct BatchShardTests {
    private static let slurm = [
        "SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "7",
        "SLURM_ARRAY_TASK_STEP": "1", "SLURM_ARRAY_TASK_COUNT": "8",
    ]

    private func shard(
        _ option: String? = nil,
        count: Int? = nil,
        _ environment: [String: String] = [:]
    ) throws -> String {
        let shard = try BatchShard(option: option, count: count, environment: environment)
        return "\(shard.index)/\(shard.count)"
    }

    @Test func whatEnginesSay() throws {
        #expect(try shard() == "0/1")
        #expect(try shard("3/4") == "3/4")
        #expect(try shard(nil, Self.slurm) == "2/8")
        #expect(try shard(nil, count: 8, Self.slurm) == "2/8")
        #expect(try shard(nil, count: 5, ["JOB_COMPLETION_INDEX": "4"]) == "4/5")
        let aws = ["AWS_BATCH_JOB_ARRAY_INDEX": "1", "AWS_BATCH_JOB_ARRAY_SIZE": "2"]
        #expect(try shard(nil, aws) == "1/2")
        // The option comes before all else, whatever else there is.
        #expect(try shard("0/3", Self.slurm) == "0/3")
        #expect(try shard("0/3", ["SLURM_ARRAY_TASK_ID": "x"]) == "0/3")
        #expect(try shard("1/3", count: 3, aws) == "1/3")
    }

    @Test(arguments: [
        "", "1", "/", "1/", "/2", "2/2", "-1/2", "+1/2", "1/2/3", "1/0", "0/0", " 0/1", "0/1000001",
        "0/99999999999999999999", "½/1",
    ])
    func optionsThatAreNoShards(text: String) {
        #expect(BatchShard(text) == nil)
        let error = #expect(throws: EightCutError.self) { try shard(text) }
        #expect(error?.code == .usage)
    }

    /// Never all rows where an engine has set something.
    @Test(arguments: [
        ["SLURM_ARRAY_TASK_ID": "2"], ["SLURM_ARRAY_TASK_ID": ""],
        slurm.merging(["SLURM_ARRAY_TASK_MIN": "1"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_STEP": "2"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_COUNT": "7"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_MAX": "9"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_MAX": "9223372036854775807"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_ID": "8"]) { $1 },
        slurm.merging(["SLURM_ARRAY_TASK_ID": "-1"]) { $1 },
        slurm.merging(["JOB_COMPLETION_INDEX": "1"]) { $1 }, ["JOB_COMPLETION_INDEX": "1"],
        ["AWS_BATCH_JOB_ARRAY_INDEX": "1"],
        ["AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "2"],
        ["AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "two"],
    ])
    func whatIsIncompleteIsAnError(environment: [String: String]) {
        let error = #expect(throws: EightCutError.self) { try shard(nil, environment) }
        #expect(error?.code == .usage)
        #expect(error?.remedy?.isEmpty == false)
    }

    @Test func countsThatDoNotFit() {
        for (option, count, environment) in [
            (nil, 3, [:]), (nil, 7, Self.slurm), ("0/3", 4, [:]), (nil, 0, [:]),
            (nil, 1, ["JOB_COMPLETION_INDEX": "1"]),
        ] as [(String?, Int, [String: String])] {
            let error = #expect(throws: EightCutError.self) {
                try shard(option, count: count, environment)
            }
            #expect(error?.code == .usage)
        }
    }

    private func division(_ costs: [Int?], among count: Int) throws -> [Range<Int>] {
        try (0..<count).map { try #require(BatchShard("\($0)/\(count)")).rows(costs: costs) }
    }

    @Test(arguments: [1, 2, 3, 7, 100, 150])
    func everyRowBelongsToOneShard(count: Int) throws {
        var random = RandomSource(seed: 7)
        for costs in [
            (0..<100).map { _ in Int.random(in: 1...1000, using: &random) },
            Array(repeating: 5, count: 100), [1_000_000] + Array(repeating: 1, count: 99),
            Array(repeating: 1, count: 99) + [nil],
        ] as [[Int?]] {
            let rows = try division(costs, among: count).flatMap { Array($0) }
            #expect(rows == Array(0..<100))
        }
    }

    @Test func shardsDifferByARowAtMost() throws {
        var random = RandomSource(seed: 3)
        let costs = (0..<5000).map { _ in Int.random(in: 1...2000, using: &random) }
        let part = Double(costs.reduce(0, +)) / 16
        for rows in try division(costs, among: 16) {
            #expect(abs(Double(costs[rows].reduce(0, +)) - part) <= 2000)
        }
        // Where nothing is known, each row counts the same.
        let counts = try division(Array(repeating: nil, count: 5001), among: 16).map(\.count)
        #expect(counts.allSatisfy { (312...313).contains($0) })
        // A row that is not known counts like the others on average.
        #expect(try division([1, 3, nil, 2, nil, 2], among: 2) == [0..<3, 3..<6])
    }

    @Test func theLargestListDoesNotOverflow() throws {
        let most = BatchRow.frameCounts.upperBound * BatchMethod.sam.cost
        let rows = try division(Array(repeating: most, count: 10_000_000 / 100), among: 4)
        #expect(rows.map(\.count) == [25_000, 25_000, 25_000, 25_000])
    }

    @Test func aListIsDividedByFramesAndMethods() throws {
        let lists = try Lists()
        let list = try lists.open(
            [Lists.row("long", #""frames": 300"#)]
                + (0..<3).map { Lists.row("\($0)", #""frames": 100"#) }
        )
        #expect(list.rows(of: .whole) == 0..<4)
        #expect(list.rows(of: try #require(BatchShard("0/2"))) == 0..<1)
        #expect(list.rows(of: try #require(BatchShard("1/2"))) == 1..<4)
    }
}
