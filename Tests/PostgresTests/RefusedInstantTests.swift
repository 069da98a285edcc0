import Postgres
import Support
import Testing

/// The list of what the server reads and we refuse, held against the server.
@Suite struct RefusedInstantTests {
    @Test(arguments: InstantForms.refused)
    func refusedFormIsOneThatTheServerReads(form: InstantForms.Refused) throws {
        let connection = try PrivateCluster.connect()
        for text in form.examples {
            guard case .refused = Outcome(text, as: .timestamptz) else {
                Issue.record("\(text) was read, although it \(form.reason)")
                continue
            }
            let row = try connection.query(
                "select ($1::text)::timestamptz is not null as is_read, $1 ~* $2 as is_listed",
                [.text(text), .text(form.pattern)]
            ).only()
            #expect(try row.bool("is_read"), "\(text)")
            #expect(try row.bool("is_listed"), "\(text)")
        }
    }
}
