/// The two forms in which the feeds write an instant.
enum InstantForm {
    /// `2026-09-15T00:00:00Z`
    case iso
    /// `2026-09-15 00:00:00.0`, without a zone and meant as UTC
    case plain
}

extension RowWriter {
    /// An instant in seconds since 1970, UTC.
    mutating func instant(_ seconds: Int64, _ form: InstantForm = .iso) {
        instantText(seconds, form)
        byte(0x2C)
    }

    mutating func instantOrEmpty(_ seconds: Int64?, _ form: InstantForm = .iso) {
        guard let seconds else { return empty() }
        instant(seconds, form)
    }

    mutating func day(_ day: SimulatedDay) {
        dayText(day)
        byte(0x2C)
    }

    mutating func instantText(_ seconds: Int64, _ form: InstantForm) {
        let day = SimulatedDay(number: Int(seconds / 86_400))
        let second = Int(seconds % 86_400)
        dayText(day)
        byte(form == .iso ? 0x54 : 0x20)
        pair(second / 3600)
        byte(0x3A)
        pair(second / 60 % 60)
        byte(0x3A)
        pair(second % 60)
        if form == .iso { byte(0x5A) } else { literal(".0") }
    }

    private mutating func dayText(_ day: SimulatedDay) {
        let date = day.date
        pair(date.year / 100)
        pair(date.year % 100)
        byte(0x2D)
        pair(date.month)
        byte(0x2D)
        pair(date.day)
    }

    private mutating func pair(_ value: Int) {
        byte(0x30 + UInt8(value / 10))
        byte(0x30 + UInt8(value % 10))
    }
}
