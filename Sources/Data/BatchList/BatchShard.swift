import Diagnostics

/// One part of a list of rows: that of the worker `index` of `count`.
package struct BatchShard: Sendable, Equatable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// All rows.
    package static let whole = BatchShard(index: 0, count: 1)

    /// The most shards that a list is divided into.
    package static let counts = 1...1_000_000

    private init(index: Int, count: Int) {
        (self.index, self.count) = (index, count)
    }

    /// Reads `i/n`.
    ///
    /// - Returns: nil unless i is from 0 to n − 1.
    package init?(_ text: String) {
        guard let (index, count) = text.divided(atFirst: "/"), let index = Self.number(index),
            let count = Self.number(count), Self.counts.contains(count), index < count
        else { return nil }
        self.init(index: index, count: count)
    }

    /// The shard of this process; all rows where neither an option nor an engine speaks of shards.
    ///
    /// What an engine has set decides by itself. Where that is incomplete, or does not count from 0
    /// without gaps, it is an error: all rows in each of many jobs would be the work of one, done
    /// many times.
    ///
    /// - Parameters:
    ///   - option: the value of `--shard`, which comes before all else.
    ///   - count: the value of `--shards`, for engines that set an index only.
    ///   - environment: the variables of the process.
    /// - Throws: `EightCutError` of code `usage`.
    package init(
        option: String?,
        count: Int?,
        environment: [String: String]
    ) throws {
        if let option {
            guard let shard = BatchShard(option) else {
                throw Self.error(
                    because: "--shard \(option) is not i/n with i from 0 to n - 1",
                    remedy: "Write the number of the shard and how many there are, such as "
                        + "--shard 0/8."
                )
            }
            guard count == nil || count == shard.count else {
                throw Self.error(
                    because: "--shard \(option) and --shards differ",
                    remedy: "Leave --shards out."
                )
            }
            self = shard
            return
        }
        if let count, !Self.counts.contains(count) {
            throw Self.error(
                because: "--shards is \(count)",
                remedy: "Write a number from 1 to \(Self.counts.upperBound)."
            )
        }
        let engines = ArrayEngine.allCases.filter { $0.isPresent(in: environment) }
        guard engines.count < 2 else {
            throw Self.error(
                because: "the variables of \(engines.map(\.name).joined(separator: " and ")) are "
                    + "both set",
                remedy: "Add --shard i/n."
            )
        }
        guard let engine = engines.first else {
            guard count == nil else {
                throw Self.error(
                    because: "--shards needs the index of this job, and no engine has set one",
                    remedy: "Write --shard i/n instead."
                )
            }
            self = .whole
            return
        }
        self = try engine.shard(environment, count)
    }

    fileprivate static func of(index: Int, count: Int) -> BatchShard? {
        guard counts.contains(count), index < count else { return nil }
        return BatchShard(index: index, count: count)
    }

    /// Digits only.
    fileprivate static func number(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    fileprivate static func error(because why: String, remedy: String) -> EightCutError {
        EightCutError(.usage, "cannot choose the shard", because: why, remedy: remedy)
    }
}

/// What runs many jobs of one command, and tells each its number in variables.
private enum ArrayEngine: CaseIterable {
    case slurm, kubernetes, awsBatch

    var name: String {
        switch self {
        case .slurm: "Slurm"
        case .kubernetes: "Kubernetes"
        case .awsBatch: "AWS Batch"
        }
    }

    private var index: String {
        switch self {
        case .slurm: "SLURM_ARRAY_TASK_ID"
        case .kubernetes: "JOB_COMPLETION_INDEX"
        case .awsBatch: "AWS_BATCH_JOB_ARRAY_INDEX"
        }
    }

    func isPresent(in environment: [String: String]) -> Bool { environment[index] != nil }

    /// The job's own shard.
    func shard(_ environment: [String: String], _ count: Int?) throws -> BatchShard {
        let index = try number(index, environment)
        let told: Int?
        switch self {
        case .slurm: told = try slurmCount(environment)
        case .kubernetes:
            guard count != nil else {
                throw BatchShard.error(
                    because: "JOB_COMPLETION_INDEX is set, and Kubernetes does not tell how many "
                        + "jobs there are",
                    remedy: "Add --shards N, with the number of completions of the job."
                )
            }
            told = nil
        case .awsBatch: told = try number("AWS_BATCH_JOB_ARRAY_SIZE", environment)
        }
        if let told, let count, told != count {
            throw BatchShard.error(
                because: "--shards is \(count), and \(name) runs \(told) jobs",
                remedy: "Leave --shards out."
            )
        }
        guard let shard = BatchShard.of(index: index, count: told ?? count ?? 0) else {
            throw BatchShard.error(
                because: "\(self.index) is \(index), and there are \(told ?? count ?? 0) shards",
                remedy: "Count the jobs from 0, or add --shard i/n."
            )
        }
        return shard
    }

    /// How many jobs an array has whose numbers are 0, 1, 2 and so on.
    private func slurmCount(_ environment: [String: String]) throws -> Int {
        let minimum = try number("SLURM_ARRAY_TASK_MIN", environment)
        let maximum = try number("SLURM_ARRAY_TASK_MAX", environment)
        let step = try number("SLURM_ARRAY_TASK_STEP", environment)
        let count = try number("SLURM_ARRAY_TASK_COUNT", environment)
        guard minimum == 0, step == 1, maximum < Int.max, count == maximum + 1 else {
            throw BatchShard.error(
                because: "the numbers of the Slurm array are not 0 to n - 1: \(count) jobs from "
                    + "\(minimum) to \(maximum) in steps of \(step)",
                remedy: "Submit it with --array=0-N, or add --shard i/n."
            )
        }
        return count
    }

    private func number(_ name: String, _ environment: [String: String]) throws -> Int {
        let text = environment[name]
        guard let number = text.flatMap({ BatchShard.number($0) }) else {
            let found = text.map { "is \(quoted($0)), no number" } ?? "is not set"
            throw BatchShard.error(
                because: "\(name) \(found), and this is a job of a \(self.name) array",
                remedy: "Add --shard i/n."
            )
        }
        return number
    }
}

extension BatchShard {
    /// The rows of each shard.
    ///
    /// Rows stay in their order, so that clips of one source stay on one machine. A row belongs to
    /// the shard that its middle is in when all rows are put one after the other, each as long as
    /// its cost. So a shard differs from an equal part by a row at most, and every machine finds the
    /// same without looking at anything but the list: all numbers are integers.
    ///
    /// - Parameter costs: those of all rows of the list, in its order. Rows whose cost is not known
    ///   count as much as the others do on average.
    /// - Returns: the places of this shard's rows in the list.
    package func rows(costs: [Int?]) -> Range<Int> {
        let known = costs.compactMap(\.self)
        let mean = known.isEmpty ? 1 : max(1, known.reduce(0, +) / known.count)
        let costs = costs.map { $0 ?? mean }
        // Twice the middle, so that it is whole.
        let total = UInt(costs.reduce(0, +)) * 2
        guard total > 0 else { return 0..<0 }
        var (start, end): (Int?, Int) = (nil, 0)
        var before: UInt = 0
        for (place, cost) in costs.enumerated() {
            let middle = before * 2 + UInt(cost)
            before += UInt(cost)
            // middle < total, so the quotient is less than the count.
            let product = middle.multipliedFullWidth(by: UInt(count))
            guard Int(total.dividingFullWidth(product).quotient) == index else { continue }
            start = start ?? place
            end = place + 1
        }
        return start.map { $0..<end } ?? 0..<0
    }
}
