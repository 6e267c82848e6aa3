//~ `Other` is not a body
//~ impl JsonBody for Other {}

operation! { Put = RequestCode(20_002), { body: Other } -> {} }
