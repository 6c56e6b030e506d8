//! What can go wrong for a buyer: a closed set, each with a code, a status and a message that is safe to show.

/// Why a checkout did not start, or the customer portal did not open, as far as a buyer may know it.
///
/// The browser and the server share it, so that an application can word each problem once:
///
/// ```
/// use kelviq_core::CheckoutProblem;
///
/// fn message(problem: CheckoutProblem) -> String {
///     match problem {
///         CheckoutProblem::InvalidQuantity => "We sell 1 to 50 seats.".into(),
///         other => other.message().into(),
///     }
/// }
///
/// assert_eq!(CheckoutProblem::from_code("busy"), Some(CheckoutProblem::Busy));
/// assert_eq!(message(CheckoutProblem::InvalidQuantity), "We sell 1 to 50 seats.");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckoutProblem {
    /// 404: there is no such offer.
    UnknownOffer,
    /// 422: a quantity is not a number, or outside what the offer allows.
    InvalidQuantity,
    /// 413: the form is larger than any checkout form.
    BodyTooLarge,
    /// 415: the body is not a form.
    UnsupportedBody,
    /// 400: the body broke off, or took over 10 s.
    UnreadableBody,
    /// 403: another site sent the request.
    CrossSite,
    /// 400: the request came to an address that is not the shop's.
    WrongAddress,
    /// 400: the return page's URL has no checkout reference.
    MissingReference,
    /// 403: the application does not serve this buyer.
    BuyerRefused,
    /// 404: the buyer is no customer of Kelviq's, so there is no portal to open.
    NoCustomer,
    /// 503: Kelviq is overloaded or closed for a moment.
    Busy,
    /// 504: Kelviq did not answer in time.
    Timeout,
    /// 502: Kelviq cannot be reached, refused the request, or answered something unusable.
    Upstream,
    /// 503: the browser did not reach the shop. Only a script can tell.
    Unreachable,
    /// 500: the application asked for something that cannot be.
    Internal,
}

impl CheckoutProblem {
    const ALL: [Self; 15] = [
        Self::UnknownOffer,
        Self::InvalidQuantity,
        Self::BodyTooLarge,
        Self::UnsupportedBody,
        Self::UnreadableBody,
        Self::CrossSite,
        Self::WrongAddress,
        Self::MissingReference,
        Self::BuyerRefused,
        Self::NoCustomer,
        Self::Busy,
        Self::Timeout,
        Self::Upstream,
        Self::Unreachable,
        Self::Internal,
    ];

    /// The problem of this code; `None` for any other text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|problem| problem.code() == code)
    }

    /// A stable code for scripts, e.g. `unknown_offer`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownOffer => "unknown_offer",
            Self::InvalidQuantity => "invalid_quantity",
            Self::BodyTooLarge => "body_too_large",
            Self::UnsupportedBody => "unsupported_body",
            Self::UnreadableBody => "unreadable_body",
            Self::CrossSite => "cross_site",
            Self::WrongAddress => "wrong_address",
            Self::MissingReference => "no_reference",
            Self::BuyerRefused => "buyer_refused",
            Self::NoCustomer => "no_customer",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Upstream => "upstream",
            Self::Unreachable => "unreachable",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::UnreadableBody | Self::WrongAddress | Self::MissingReference => 400,
            Self::CrossSite | Self::BuyerRefused => 403,
            Self::UnknownOffer | Self::NoCustomer => 404,
            Self::BodyTooLarge => 413,
            Self::UnsupportedBody => 415,
            Self::InvalidQuantity => 422,
            Self::Internal => 500,
            Self::Upstream => 502,
            Self::Busy | Self::Unreachable => 503,
            Self::Timeout => 504,
        }
    }

    /// The message for a buyer whose checkout did not start.
    pub fn message(self) -> &'static str {
        match self {
            Self::UnknownOffer => "This offer does not exist, or is no longer sold.",
            Self::InvalidQuantity => "The quantity is not one that this offer allows.",
            Self::BodyTooLarge => "The form is too large.",
            Self::UnsupportedBody => {
                "The form could not be read. Please check what you have entered."
            }
            Self::UnreadableBody => "The form did not arrive whole. Please try again.",
            Self::CrossSite => "This request came from another site, so no checkout was started.",
            Self::WrongAddress => "The shop cannot be reached at this address.",
            Self::MissingReference => {
                "This address belongs to no order. If you have just paid, your order is safe."
            }
            Self::BuyerRefused => "This offer is not open to you. You may have to sign in first.",
            Self::NoCustomer => "There is nothing to manage here.",
            Self::Busy => {
                "The payment service is busy. You have not been charged; please try again in a moment."
            }
            Self::Timeout => {
                "The payment service did not answer in time. You have not been charged; please try again in a moment."
            }
            Self::Unreachable => {
                "The shop did not answer. You have not been charged; please check your connection and try again."
            }
            Self::Upstream | Self::Internal => {
                "The checkout could not be started. You have not been charged; please try again later."
            }
        }
    }

    /// The message for a customer whose portal did not open.
    pub fn portal_message(self) -> &'static str {
        match self {
            Self::CrossSite => "This request came from another site, so nothing was opened.",
            Self::BuyerRefused => "Please sign in first.",
            Self::Busy | Self::Timeout => {
                "The payment service did not answer. Please try again in a moment."
            }
            Self::Unreachable => {
                "The shop did not answer. Please check your connection and try again."
            }
            Self::WrongAddress | Self::MissingReference | Self::NoCustomer => self.message(),
            _ => "Your purchases could not be opened. Please try again later.",
        }
    }
}
