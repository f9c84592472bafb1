import Diagnostics

extension Worker {
    /// Starts a run, unless there is one.
    func begin(_ task: RunTask, _ id: WorkerID) {
        guard run == nil else {
            answer(
                .error(
                    EightCutError(
                        .outputBusy,
                        "cannot start a run",
                        because: "another one is going on",
                        remedy: "Wait for its end, or cancel it."
                    )
                ),
                to: id
            )
            return
        }
        let reporter = RunReporter(channel: channel, id: id)
        run = (id, Task { await work(on: task, reporter) })
    }

    private func work(on task: RunTask, _ reporter: RunReporter) async {
        let end = try? await runs.run(task, reporter)
        run = nil
        if let end { answer(.job(end), to: reporter.id) } else { noteReaderGone() }
    }

    /// Cancels a request, or without a name all that is going on.
    func cancel(_ other: WorkerID?, _ id: WorkerID) {
        let isMeant = { (id: WorkerID) in other == nil || other == id }
        let dropped = (waiting + [prefetch].compactMap(\.self)).filter { isMeant($0.id) }
        waiting.removeAll { isMeant($0.id) }
        if let job = prefetch, isMeant(job.id) { prefetch = nil }
        let going = [
            current.map { ($0.job.id, $0.task) }, run.map { ($0.id, $0.task) },
        ].compactMap(\.self).filter { isMeant($0.0) }
        answer(.cancelled(going.map(\.0) + dropped.map(\.id)), to: id)
        for job in dropped { answer(.dropped, to: job.id) }
        for (_, task) in going { task.cancel() }
    }
}
