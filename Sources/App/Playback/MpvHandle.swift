import CMpv
import Diagnostics
import Dispatch
import Synchronization

/// A handle of libmpv, whose functions may be called on any thread.
final class MpvHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let isDestroyed = Mutex(false)

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Queues a command without waiting for it; ignored once the player is destroyed.
    func command(_ arguments: [String]) {
        isDestroyed.withLock { isDestroyed in
            guard !isDestroyed else { return }
            withPointers(to: arguments) { mpv_command_async(pointer, 0, $0) }
        }
    }

    func destroy() {
        isDestroyed.withLock { isDestroyed in
            guard !isDestroyed else { return }
            isDestroyed = true
            mpv_terminate_destroy(pointer)
        }
    }

    /// Sets a property, in order with the commands.
    func set(_ property: String, _ value: String) {
        command(["set", property, value])
    }

    /// Sets an option for the files that are opened from now on.
    func setOption(_ name: String, _ value: String) {
        set("options/" + name, value)
    }

    private func withPointers(
        to arguments: [String],
        _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Int32
    ) {
        var copies = arguments.map { argument in
            let bytes = Array(argument.utf8CString)
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            copy.initialize(from: bytes, count: bytes.count)
            return UnsafePointer(copy) as UnsafePointer<CChar>?
        }
        copies.append(nil)
        defer { for copy in copies { copy?.deallocate() } }
        _ = copies.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map(body)
        }
    }
}

/// Reads libmpv's events on a queue of its own and turns them into the player's.
final class EventPump: @unchecked Sendable {
    private let handle: MpvHandle
    private let writer: AsyncStream<Player.Event>.Continuation
    private let queue = DispatchQueue(label: "player events", qos: .userInitiated)
    // Everything below is used on the queue only.
    private var properties = Player.Properties()
    private var position: Double?
    private var isOpen = false
    private var isStopped = false

    private enum Watched: UInt64, CaseIterable {
        case position = 1
        case pause, duration, width, height, rate

        var property: (name: String, format: mpv_format) {
            switch self {
            case .position: ("time-pos", MPV_FORMAT_DOUBLE)
            case .pause: ("pause", MPV_FORMAT_FLAG)
            case .duration: ("duration", MPV_FORMAT_DOUBLE)
            case .width: ("dwidth", MPV_FORMAT_INT64)
            case .height: ("dheight", MPV_FORMAT_INT64)
            case .rate: ("container-fps", MPV_FORMAT_DOUBLE)
            }
        }
    }

    init(_ handle: MpvHandle, _ writer: AsyncStream<Player.Event>.Continuation) {
        self.handle = handle
        self.writer = writer
    }

    func start() {
        for watched in Watched.allCases {
            let (name, format) = watched.property
            mpv_observe_property(handle.pointer, watched.rawValue, name, format)
        }
        let box = Unmanaged.passUnretained(self).toOpaque()
        // Called on libmpv's own threads.
        mpv_set_wakeup_callback(
            handle.pointer,
            { @Sendable box in
                guard let box else { return }
                let pump = Unmanaged<EventPump>.fromOpaque(box).takeUnretainedValue()
                pump.queue.async { pump.drain() }
            },
            box
        )
    }

    func stop() {
        mpv_set_wakeup_callback(handle.pointer, nil, nil)
        queue.sync {
            guard !isStopped else { return }
            isStopped = true
            writer.finish()
            handle.destroy()
        }
    }

    private func drain() {
        guard !isStopped else { return }
        while let event = mpv_wait_event(handle.pointer, 0)?.pointee,
            event.event_id != MPV_EVENT_NONE
        {
            take(event)
        }
    }

    private func take(_ event: mpv_event) {
        switch event.event_id {
        case MPV_EVENT_START_FILE:
            properties = Player.Properties()
            position = nil
            isOpen = false
        case MPV_EVENT_PLAYBACK_RESTART:
            if isOpen {
                writer.yield(.seekCompleted)
            } else {
                isOpen = true
                writer.yield(.opened(properties))
                if let position { writer.yield(.position(position)) }
            }
        case MPV_EVENT_END_FILE:
            guard let end = event.data?.load(as: mpv_event_end_file.self) else { return }
            isOpen = false
            guard end.reason == MPV_END_FILE_REASON_ERROR else { return }
            writer.yield(.failed(String(cString: mpv_error_string(end.error))))
        case MPV_EVENT_PROPERTY_CHANGE:
            guard let property = event.data?.load(as: mpv_event_property.self),
                let watched = Watched(rawValue: event.reply_userdata)
            else { return }
            take(watched, property)
        default: break
        }
    }

    private func take(_ watched: Watched, _ property: mpv_event_property) {
        guard let data = property.data, property.format == watched.property.format else {
            return
        }
        let before = properties
        switch watched {
        case .position:
            position = Self.seconds(data)
            if isOpen, let position { writer.yield(.position(position)) }
        case .pause: writer.yield(.paused(data.load(as: Int32.self) != 0))
        case .duration: properties.duration = max(0, Self.seconds(data))
        case .width: properties.width = Self.pixels(data)
        case .height: properties.height = Self.pixels(data)
        case .rate: properties.frameRate = data.load(as: Double.self)
        }
        // Some are known only after the first frame.
        if isOpen, properties != before { writer.yield(.opened(properties)) }
    }

    // A file may claim anything: what nothing can be computed with is kept within limits.

    private static func seconds(_ data: UnsafeMutableRawPointer) -> Double {
        let value = data.load(as: Double.self)
        return value.isNaN ? 0 : bounded(value, -1e9...1e9)
    }

    private static func pixels(_ data: UnsafeMutableRawPointer) -> Int {
        Int(bounded(data.load(as: Int64.self), 0...1_000_000))
    }
}
