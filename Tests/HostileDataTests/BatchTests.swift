import BatchList
import Diagnostics
import Files
import SystemPackage
import TestSupport
import Testing

/// Lists of rows that people and programs write, and results that a failing disk has changed.
@Suite struct BatchTests {
    private static let rows = [
        #"{"id":"a","input":"v/a.mp4","output":"a_masks","method":"saliency","frames":200,"#
            + #""settings":{"threshold":100,"overwrite":true},"revision":"2"}"#,
        #"{"id":"b","source":"../film.mkv","start":"1:02.5","duration":8,"profile":"mmaudio-16k","#
            + #""clip":"b.mp4","output":"s3://bucket/b ü","method":"sam","prompts":"p.json","#
            + #""label":"dog \"barking\"","category":"Animal","device":"cpu","precision":"int8"}"#,
    ]

    /// What is accepted is written and read again as the same, and writes to no place twice.
    @Test func lists() throws {
        let text = Self.rows.joined(separator: "\n") + "\n"
        try HostileInputs("batch-list", texts: [text, Self.rows[1]]).run { input in
            let list = try BatchList(try input.write(as: "list.jsonl").string)
            let rows = try (0..<list.count).map(list.row)
            #expect(!rows.isEmpty && list.rows(of: .whole) == 0..<rows.count)
            #expect(rows.allSatisfy { ResultFolder.allows($0.id) && $0.line > 0 })
            #expect(Set(rows.map { ExactText($0.id) }).count == rows.count)
            #expect(Set(rows.map { ExactText($0.output.name) }).count == rows.count)
            try BatchListFile.write(to: input.folder.appending("again.jsonl")) { add in
                for row in rows { try add(row) }
            }
            let again = try BatchList(input.folder.appending("again.jsonl").string)
            #expect(try (0..<again.count).map { try again.row($0).json } == rows.map(\.json))
        }
    }

    /// A result is that of its file's name, or none.
    @Test func results() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Self.rows[0], to: folder["list.jsonl"])
        let row = try BatchList(folder["list.jsonl"].string).row(0)
        var result = BatchResult(
            of: row,
            .failed,
            error: EightCutError(.inputUnusable, "cannot", on: "a", because: "b", remedy: "c"),
            seconds: 1.25,
            attempt: 3
        )
        (result.frames, result.flags, result.outputBytes) = (200, ["empty": 3], 12_345)
        try HostileInputs("batch-result", texts: [result.json]).run { input in
            _ = try input.write(as: "a.json")
            let results = try ResultFolder(creating: input.folder)
            var count = 0
            let damaged = try results.forEach { result in
                count += 1
                #expect(result.id.isExactly("a") && result.attempt > 0)
                try results.write(result)
            }
            #expect(count + damaged.count == 1)
            #expect((try results.result(of: "a") == nil) == (count == 0))
        }
    }

    /// A text that is a shard names one of so many.
    @Test func shards() throws {
        try HostileInputs("batch-shard", texts: ["0/1", "17/100", "999999/1000000"]).run { input in
            guard let shard = BatchShard(input.text) else { return }
            #expect(shard.index >= 0 && shard.index < shard.count)
            #expect(BatchShard("\(shard.index)/\(shard.count)") == shard)
            #expect(shard.rows(costs: [1, 2, 3]).upperBound <= 3)
        }
    }
}
