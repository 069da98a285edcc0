import Testing

@testable import Simulator

@Suite struct ValueTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29", 11_016), ("2010-01-01", 14_610), ("2026-12-31", 20_818),
    ])
    func daysHaveTheirDates(text: String, number: Int) {
        let day = SimulatedDay(number: number)
        #expect(day.description == text)
        #expect(SimulatedDay(day.date.year, day.date.month, day.date.day) == day)
    }

    @Test func everyDayOfACenturyComesBack() {
        for number in 0..<36_525 {
            let date = SimulatedDay(number: number).date
            #expect(SimulatedDay(date.year, date.month, date.day).number == number)
        }
    }

    @Test(arguments: [
        (Int64(1_005_000), Currency.usd, Int64(1_010_000)), (-1_005_000, .usd, -1_010_000),
        (1_004_999, .usd, 1_000_000), (500_000, .jpy, 1_000_000), (-499_999, .jpy, 0),
    ])
    func moneyRoundsHalfAwayFromZero(millionths: Int64, currency: Currency, rounded: Int64) {
        let money = Money(millionths: millionths)
        #expect(money.times(1, over: 1, in: currency).millionths == rounded)
    }

    @Test(arguments: [
        (Int64(0), "0"), (1, "0.000001"), (-2_500_000, "-2.5"), (1_234_567, "1.234567"),
        (90_000_000, "90"),
    ])
    func totalsAreDecimals(millionths: Int64, text: String) {
        var total = Total()
        total += Money(millionths: millionths)
        #expect(total.decimal == text)
    }

    @Test(arguments: [
        ("plain", "\"plain\","), ("a,b", "\"a,b\","), ("\"q\"", "\"\"\"q\"\"\","),
        ("two\nlines", "\"two\nlines\","), ("", "\"\","), ("größe", "\"größe\","),
    ])
    func textIsQuotedAsInRFC4180(text: String, field: String) {
        var writer = RowWriter()
        #expect(writer.collected { $0.text(text) } == field)
    }

    @Test(arguments: [
        (Int64(12_340_000), 2, "12.34,"), (-5_000_000, 2, "-5.00,"), (500_000, 0, "0.5,"),
        (7_000_000, 0, "7,"), (23_490, 2, "0.02349,"), (0, 2, "0.00,"),
    ])
    func decimalsHaveThePlacesTheyNeed(millionths: Int64, places: Int, field: String) {
        var writer = RowWriter()
        #expect(writer.collected { $0.decimal(millionths: millionths, places: places) } == field)
    }

    @Test func longTextMakesRoomForItself() throws {
        var writer = RowWriter()
        let long = String(repeating: "\"x\"", count: 100_000)
        #expect(writer.collected { $0.text(long) }.utf8.count == 500_003)
    }

    @Test func rowsReachTheSinkInPiecesOfBoundedSize() throws {
        var pieces: [Int] = []
        try BillingRows(count: 2_000).write { pieces.append($0.byteCount) }
        #expect(pieces.count > 10)
        #expect(pieces.allSatisfy { $0 < 72 << 10 })
    }
}
