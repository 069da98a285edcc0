import Testing

@testable import Feeds

struct S3EventTests {
    @Test func everyFieldOfAnObjectIsTaken() throws {
        let pointer = try #require(
            Notification.parse(NotificationFixture("s3-object-created").body).pointers.first)
        #expect(pointer.bucket == "acme-sdds")
        #expect(pointer.eTag == "d41d8cd98f00b204e9800998ecf8427e-2")
        #expect(pointer.versionID == "3HL4kqtJlcpXroDTDmJ")
        #expect(pointer.size == 10_485_760)
        #expect(pointer.sequencer == Sequencer("0055AED6DCD90281E5"))
        #expect(pointer.otherKey == nil)
        #expect(!pointer.isMetadata)
    }

    @Test func eventBridgeNamesTheSameObject() throws {
        let direct = Notification.parse(try NotificationFixture("s3-object-created").body)
        let bridged = Notification.parse(
            try NotificationFixture("eventbridge-s3-object-created").body)
        #expect(direct.pointers == bridged.pointers)
    }

    @Test func versionNullIsTextAndAbsenceIsNil() throws {
        let notification = Notification.parse(try NotificationFixture("s3-several-records").body)
        #expect(notification.pointers.map(\.versionID) == ["3HL4kqtJlcpXroDTDmJ", nil, "null"])
        #expect(notification.pointers.map(\.isMetadata) == [false, true, false])
        #expect(notification.summary.contains("3 created"))
        #expect(notification.summary.contains("ObjectRemoved:Delete"))
    }

    @Test(arguments: [
        ("ObjectCreated:Put", 1), ("ObjectCreated:Post", 1), ("ObjectCreated:Copy", 1),
        ("ObjectCreated:CompleteMultipartUpload", 1), ("s3:ObjectCreated:Put", 1),
        ("ObjectRemoved:Delete", 0), ("ObjectRemoved:DeleteMarkerCreated", 0),
        ("ObjectRestore:Completed", 1), ("ObjectTagging:Put", 0), ("LifecycleExpiration:Delete", 0),
        ("ObjectAcl:Put", 0),
    ])
    func onlyCreatedObjectsArePointedAt(_ event: String, _ pointers: Int) {
        let notification = Notification.parse(body([entry(event, "a.csv")]))
        #expect(notification.kind == .s3Event)
        #expect(notification.pointers.count == pointers)
        #expect(!notification.isAlarming)
    }

    @Test func unreadableKeyIsUnknownButOthersStay() {
        let notification = Notification.parse(
            body([entry("ObjectCreated:Put", "a%FF.csv"), entry("ObjectCreated:Put", "b.csv")]))
        #expect(notification.kind == .unknown)
        #expect(notification.isAlarming)
        #expect(notification.reason == "Records[0]: the key a%FF.csv is not form-encoded UTF-8")
        #expect(notification.pointers.map(\.key) == ["b.csv"])
    }

    @Test(arguments: ["2.0", "2.1", "2.6", "2.10"]) func minorVersionsAreReadAlike(
        _ version: String
    ) {
        let notification = Notification.parse(body([entry("ObjectCreated:Put", "a", version)]))
        #expect(notification.pointers.count == 1)
    }

    @Test(arguments: ["1.0", "3.0", "20.1"]) func otherMajorVersionIsUnknown(_ version: String) {
        let notification = Notification.parse(body([entry("ObjectCreated:Put", "a", version)]))
        #expect(notification.kind == .unknown)
        // Looked at all the same, as what any unknown message names.
        #expect(notification.areGuessed)
        #expect(notification.pointers.map(\.key) == ["a"])
    }

    @Test func eventBridgeKeyIsNotDecodedButItsDecodedFormIsKept() throws {
        let body = try NotificationFixture("eventbridge-s3-object-created").body
            .replacing("year=2026", with: "year%3D2026")
        let pointer = try #require(Notification.parse(body).pointers.first)
        #expect(pointer.key == "BillingEventFeed_V1/year%3D2026/month=09/data.csv")
        #expect(pointer.otherKey == "BillingEventFeed_V1/year=2026/month=09/data.csv")
    }

    @Test func quotedEntityTagIsTheSameAsBare() {
        let quoted = body([
            #"{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"#
                + #""object":{"key":"k","eTag":"\"abc\"","size":"12"}}}"#
        ])
        let pointer = Notification.parse(quoted).pointers.first
        #expect(pointer?.eTag == "abc")
        #expect(pointer?.size == 12)
    }

    private func body(_ records: [String]) -> String {
        #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    private func entry(_ event: String, _ key: String, _ version: String = "2.1") -> String {
        #"{"eventVersion":"\#(version)","eventSource":"aws:s3","eventName":"\#(event)","#
            + #""s3":{"bucket":{"name":"b"},"object":{"key":"\#(key)"}}}"#
    }
}

struct FormEncodingTests {
    @Test(arguments: [
        ("Happy+Face.jpg", "Happy Face.jpg"), ("a%2Bb", "a+b"), ("year%3D2026/x", "year=2026/x"),
        ("caf%C3%A9", "café"), ("café", "café"), ("a%252Fb", "a%2Fb"), ("a%2fb", "a/b"),
        ("%25", "%"),
        ("+", " "), ("%20+%20", "   "), ("year=2026/month=09", "year=2026/month=09"),
        ("%F0%9F%98%80", "\u{1F600}"), ("e%CC%81", "e\u{301}"),
    ])
    func keysAreDecodedOnce(_ encoded: String, _ key: String) {
        // Unicode scalars, because Swift takes both spellings of é for equal and S3 does not.
        #expect(
            FormEncoding.decode(encoded).map { Array($0.unicodeScalars) }
                == Array(key.unicodeScalars))
    }

    @Test(arguments: [
        "", "%", "%2", "a%", "%zz", "%-1", "%C3", "%FF", "%C3%28", "%ED%A0%80", "%C0%AF", "a%00b",
        "%+1",
    ])
    func otherTextIsRefused(_ encoded: String) {
        #expect(FormEncoding.decode(encoded) == nil)
    }
}

struct SequencerTests {
    @Test(arguments: [
        ("0055AED6DCD90281E5", "0055AED6DCD90281E6"), ("1", "2"), ("9", "A"), ("F", "10"),
        ("0F", "10"),
        ("FF", "0100"), ("00000000FF", "100"), ("0", "1"), ("a", "B"),
    ])
    func leftIsEarlier(_ left: String, _ right: String) throws {
        let earlier = try #require(Sequencer(left))
        let later = try #require(Sequencer(right))
        #expect(earlier < later)
        #expect(!(later < earlier))
        #expect(earlier != later)
    }

    @Test(arguments: [("0055", "55"), ("0", "000"), ("aB", "Ab")])
    func paddingAndCaseDoNotCount(_ left: String, _ right: String) throws {
        let (one, other) = (try #require(Sequencer(left)), try #require(Sequencer(right)))
        #expect(one == other)
        #expect(!(one < other))
        #expect(Set([one, other]).count == 1)
        #expect(one.text == left)
    }

    @Test(arguments: ["", "0x1", "G", " 1", "１"]) func otherTextIsNoSequencer(_ text: String) {
        #expect(Sequencer(text) == nil)
    }
}
