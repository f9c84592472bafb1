import Diagnostics

/// A request about a frame.
struct FrameJob: Sendable {
    /// What is asked.
    enum Work: Sendable {
        case mask(MaskTask)
        case encode(frame: Int)
    }

    let id: WorkerID
    let work: Work
    let start = ContinuousClock.now

    var frame: Int {
        switch work {
        case .mask(let task): task.frame
        case .encode(let frame): frame
        }
    }

    var isMask: Bool { if case .mask = work { true } else { false } }
}

extension Worker {
    /// Takes a request and works on it as soon as it can.
    func add(_ job: FrameJob) {
        // A guess gives way to what is wanted, and to a newer guess.
        if let old = prefetch {
            prefetch = nil
            answer(.dropped, to: old.id)
        }
        if let current, !current.job.isMask, current.job.frame != job.frame {
            current.task.cancel()
        }
        if job.isMask { waiting.append(job) } else { prefetch = job }
        startNext()
    }

    private func startNext() {
        guard current == nil else { return }
        let job: FrameJob
        if !waiting.isEmpty {
            job = waiting.removeFirst()
        } else if let next = prefetch {
            job = next
            prefetch = nil
        } else {
            return
        }
        current = (job, Task { await work(on: job) })
    }

    private func work(on job: FrameJob) async {
        let event: WorkerAnswer.Event
        do {
            switch job.work {
            case .mask(let task): event = .mask(try await frames.mask(task, since: job.start))
            case .encode(let frame):
                event = .encoded(try await frames.encode(frame, since: job.start))
            }
        } catch let error as EightCutError {
            event = .error(error)
        } catch is CancellationError {
            event = .dropped
        } catch {
            event = .error(EightCutError(.internalFault, "cannot go on", because: "\(error)"))
        }
        // Whoever reads the answer must find the way free.
        current = nil
        answer(event, to: job.id)
        startNext()
    }
}
